// A module to be debugged: /proc/counted counts how often it has been read.

#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

MODULE_LICENSE("Dual MIT/GPL");

static int times;
static unsigned history[4] = { 1, 2, 3, 4 };

static noinline int count_once(int before)
{
	int after = before + 1; /* counted */

	history[after % ARRAY_SIZE(history)] = after;
	return after;
}

static int show(struct seq_file *file, void *unused)
{
	times = count_once(times);
	seq_printf(file, "read %d times\n", times);
	return 0;
}

static int __init begin(void)
{
	pr_info("counted: begins\n"); /* begins */
	return proc_create_single("counted", 0444, NULL, show) ? 0 : -ENOMEM;
}

static void __exit end(void)
{
	remove_proc_entry("counted", NULL);
	pr_info("counted: ends\n");
}

module_init(begin);
module_exit(end);
