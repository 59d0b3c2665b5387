#!/usr/bin/env bash
# An initial RAM disk with BusyBox and test/guest/kernel/init.sh, as .cache/guests/busybox/shell.cpio.gz. Needs root for
# the console's node.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
out=$(realpath -m "$here/../../.cache/guests/busybox")
bash "$here/busybox.sh"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin" "$root/dev" "$root/proc"
mknod "$root/dev/console" c 5 1
cp "$out/busybox" "$root/bin/"
for applet in awk cat gzip mount reboot sed seq sh sha256sum sort uname; do ln -s busybox "$root/bin/$applet"; done
install -m 755 "$here/../../test/guest/kernel/init.sh" "$root/init"
(cd "$root" && find . | cpio --quiet -o -H newc | gzip -9n > "$out/shell.cpio.gz")
