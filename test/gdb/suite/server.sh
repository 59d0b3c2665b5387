#!/bin/sh
# gdbserver's command line ([--once] HOST:PORT PROGRAM ARGUMENTS) for the stub that PPC440_STUB names: `ppc440`, whose
# command line program is PPC440_CLI, or `qemu`. Says "Listening on port PORT" when it listens.
while [ "${1#--}" != "$1" ]; do shift; done
port=${1##*:}
shift
(
  # A socket that listens is in state 0A. To ask the port itself would be taken for a gdb.
  listens=$(printf ':%04X [0-9A-F:]* 0A' "$port")
  until grep -q "$listens" /proc/net/tcp; do
    kill -0 $$ 2> /dev/null || exit
    sleep 0.02
  done
  echo "Listening on port $port"
) &
case $PPC440_STUB in
  qemu) exec qemu-ppc -cpu 440EP -g "$port" "$@" ;;
  *) exec node "$PPC440_CLI" gdb --machine linux-user --port "$port" --once "$@" ;;
esac
