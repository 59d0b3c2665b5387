#!/usr/bin/env bash
# Brings a VS Code that runs in the browser (code-server, and the Node it wants) into one folder outside the clone:
# $PPC440_VSCODE_HOME, or ~/.cache/ppc440-vscode. About 0.7 GB; does nothing when it is there already.
#
# From the npm registry alone, and without install scripts: those would compile a dozen native modules that nothing here
# needs, want a compiler and libraries for it, and refuse every Node but their own.
set -euo pipefail

home=${PPC440_VSCODE_HOME:-$HOME/.cache/ppc440-vscode}
server=4.139.1
node=24.21.0
done="$home/ready-$server-$node"
[ -e "$done" ] && [ -x "$home/node/bin/node" ] && exit 0

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-arm64) platform=darwin-arm64 ;;
  Darwin-x86_64) platform=darwin-x64 ;;
  *) echo "no VS Code for the browser on $(uname -s) $(uname -m); install the desktop one" >&2; exit 1 ;;
esac

mkdir -p "$home"
cd "$home"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund "node-$platform@$node"
ln -sfn "node_modules/node-$platform" node
export PATH="$home/node/bin:$PATH"
npm install --silent --no-audit --no-fund --ignore-scripts "code-server@$server"
cd node_modules/code-server/lib/vscode
npm install --silent --no-audit --no-fund --omit=dev --ignore-scripts
touch "$done"
