#!/bin/sh
# The first process of a Linux with BusyBox: a shell on the console. What comes after its end ends the machine.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t debugfs debugfs /sys/kernel/debug 2> /dev/null
echo "CONSOLE: $(uname -sr)"
PS1='# ' setsid cttyhack sh
poweroff -f
