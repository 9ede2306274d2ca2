#!/bin/bash
# First program of the lab's kernel: the machine's own files below, memory above, then the lab.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
modules=/usr/lib/uml/modules/$(uname -r)
insmod "$modules/kernel/fs/overlayfs/overlay.ko"
mount -t tmpfs -o size=700m tmpfs /mnt
mkdir /mnt/above /mnt/work /mnt/both
if mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/above,workdir=/mnt/work /mnt/both; then
    cd /mnt/both || exit
    mount -t proc proc proc
    mount -t sysfs sys sys
    mount -t devtmpfs dev dev
    mkdir -p dev/pts dev/shm lib/modules
    mount -t devpts devpts dev/pts
    mount -t tmpfs tmpfs dev/shm
    mount -t tmpfs tmpfs run
    ln -sfn "$modules" "lib/modules/$(uname -r)"
    chroot . /bin/bash "$(sed -n 's/.*lab=\([^ ]*\).*/\1/p' /proc/cmdline)"
fi
echo o > /proc/sysrq-trigger
sleep 9
