# The smallest thing that boots: a kernel by the Multiboot specification. It prints its own command line on the first
# serial line, and that of its first module on both. An exclamation mark in its own resets the machine; else it hangs.
        .globl  _start
        .text
        .align  4
        .long   0x1badb002, 0, -0x1badb002
_start: mov     $0x3f8, %dx
        mov     16(%ebx), %esi          # Multiboot information: command line
        call    print
        mov     24(%ebx), %edi          # modules
        mov     8(%edi), %esi
        call    print
        mov     $0x2f8, %dx
        mov     8(%edi), %esi
        call    print
        mov     16(%ebx), %esi
next:   lodsb
        cmp     $'!', %al
        je      reset
        test    %al, %al
        jne     next
hang:   hlt
        jmp     hang
reset:  mov     $0xfe, %al              # the keyboard controller's reset line
        out     %al, $0x64
        jmp     hang
print:  lodsb
        test    %al, %al
        je      end
        out     %al, %dx
        jmp     print
end:    mov     $'\r', %al
        out     %al, %dx
        mov     $'\n', %al
        out     %al, %dx
        ret
