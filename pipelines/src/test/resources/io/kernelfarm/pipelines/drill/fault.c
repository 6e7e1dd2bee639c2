/* What can go wrong inside a kernel, one way for each value of the parameter "what". Loading the module does it. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <asm/desc.h>

static char *what = "";
module_param(what, charp, 0);

static int bug(void *unused)
{
	BUG();
	return 0;
}

/* An interrupt table without entries: the first exception has no handler, nor has the one about that. */
static void triple_fault(void)
{
	struct desc_ptr none = {};

	native_load_idt(&none);
	asm volatile("int3");
}

static void keep_the_processor(unsigned int seconds)
{
	ktime_t until = ktime_add_ms(ktime_get(), seconds * 1000);

	preempt_disable();
	while (ktime_before(ktime_get(), until))
		cpu_relax();
	preempt_enable();
}

/* There is a stall only in a grace period: with this, one follows the other. */
static struct rcu_head grace;

static void next_grace(struct rcu_head *done)
{
	call_rcu(done, next_grace);
}

static void stall(void)
{
	unsigned long before;

	call_rcu(&grace, next_grace);
	/* This changes when a grace period begins. */
	before = get_state_synchronize_rcu();
	while (get_state_synchronize_rcu() == before)
		yield();
	keep_the_processor(8);
}

static int __init fault(void)
{
	if (!strcmp(what, "panic"))
		panic("drill");
	if (!strcmp(what, "oops"))
		*(volatile int *)8 = 0;
	if (!strcmp(what, "warning"))
		WARN(1, "drill\n");
	if (!strcmp(what, "triple-fault"))
		triple_fault();
	if (!strcmp(what, "stall"))
		stall();
	if (!strcmp(what, "hang")) {
		local_irq_disable();
		for (;;)
			cpu_relax();
	}
	while (!strcmp(what, "oopses")) {
		kthread_run(bug, NULL, "drill");
		msleep(100);
	}
	return 0;
}

module_init(fault);
MODULE_LICENSE("GPL");
