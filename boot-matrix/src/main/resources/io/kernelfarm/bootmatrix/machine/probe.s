# The boot sector that Acceleration tries an emulator with: goes to 64-bit mode, writes to many pages, counts, and tells the
# debug-exit device 0x10, or 0x11 if its processor can run hypervisors with hardware virtualization (SVM or VMX). probe.img
# is this, assembled: as --32 probe.s -o probe.o; ld -m elf_i386 -Ttext 0x7c00 -e _start --oformat binary probe.o -o probe.img
        .code16
        .globl  _start
_start: cli
        cld
        xor     %ax, %ax
        mov     %ax, %ds
        mov     %ax, %es
        mov     %ax, %ss
        mov     $0x7c00, %sp
        in      $0x92, %al              # A20
        or      $2, %al
        out     %al, $0x92
        xor     %eax, %eax              # page tables at 0x1000: 128 MiB in pages of 2 MiB, each where it is
        mov     $0x1000, %di
        mov     $0xc00, %cx
        rep stosl
        movl    $0x2003, 0x1000
        movl    $0x3003, 0x2000
        mov     $0x83, %eax
        mov     $0x3000, %di
        mov     $64, %cx
table:  mov     %eax, (%di)
        add     $0x200000, %eax
        add     $8, %di
        loop    table
        mov     %cr4, %eax
        or      $0x20, %eax             # PAE
        mov     %eax, %cr4
        mov     $0x1000, %eax
        mov     %eax, %cr3
        mov     $0xc0000080, %ecx       # EFER
        rdmsr
        or      $0x100, %eax            # LME
        wrmsr
        lgdtl   gdtr
        mov     %cr0, %eax
        or      $0x80000001, %eax       # PG, PE
        mov     %eax, %cr0
        ljmp    $8, $long

        .code64
long:   mov     $0x10, %ax
        mov     %ax, %ds
        mov     %ax, %ss
        mov     $0x200000, %edi         # 16,384 pages, from 2 MiB on
        mov     $16384, %ecx
page:   mov     %rdi, (%rdi)
        add     $0x1000, %rdi
        dec     %ecx
        jnz     page
        mov     $100000000, %ecx
count:  dec     %ecx
        jnz     count
        mov     $1, %eax
        cpuid
        shr     $5, %ecx                # VMX
        and     $1, %ecx
        mov     %ecx, %esi
        mov     $0x80000001, %eax
        cpuid
        shr     $2, %ecx                # SVM
        and     $1, %ecx
        or      %esi, %ecx
        mov     $0x10, %al
        or      %cl, %al
        out     %al, $0xf4
halt:   hlt
        jmp     halt

        .align  8
gdt:    .quad   0
        .quad   0x00209a0000000000      # 64-bit code
        .quad   0x0000920000000000      # data
gdtr:   .word   23
        .long   gdt
        .org    510
        .word   0xaa55
