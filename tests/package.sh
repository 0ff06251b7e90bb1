#!/usr/bin/env bash
# The Debian package, made of build/release and used as a stranger would: lintian, installed into a clean root, run
# there, removed.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: tests/package.sh

Makes the package of build/release, which must be built, holds it against lintian, and installs, runs and removes it
in a clean Debian 12. Needs root, for debootstrap and mounts. The clean root is made once, in build/clean-root, and
never written to afterwards: each run works in an overlay in memory, in a mount namespace of its own. Ends with 77
where a clean root cannot be made.

  --help   this text
USAGE
}

case ${1:-} in
  '') ;;
  --help | -h) usage && exit 0 ;;
  *)
    echo "tests/package.sh: '$1' is not known; --help lists the options" >&2
    exit 2
    ;;
esac
if [ "$(id -u)" -ne 0 ]; then
  echo "tests/package.sh: debootstrap and mounts need root: sudo tests/package.sh" >&2
  exit 2
fi

cmake/install_packages.sh package
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
umask 022

cmake --preset release >/dev/null # the version may be another since
cmake --build --preset release --target uringbench uringbench_generated
(cd build/release && cpack -G DEB -B "$scratch") >"$scratch/log" || { cat "$scratch/log" && exit 1; }
package=$(echo "$scratch"/uringbench_*.deb)
echo "$(basename "$package"): $(stat -c %s "$package") bytes"
lintian --allow-root --fail-on error "$package"

root=$(tests/support/clean_root.sh)

# In a mount namespace: what is mounted ends with it.
mkdir "$scratch/mount"
export root scratch package
# shellcheck disable=SC2016 # for the shell in the namespace
unshare --mount bash -euo pipefail -c '
  mount -t tmpfs none "$scratch/mount"
  cd "$scratch/mount"
  mkdir upper work merged
  mount -t overlay overlay -o "lowerdir=$root,upperdir=upper,workdir=work" merged
  mount -t proc proc merged/proc
  mount --rbind /sys merged/sys
  mount --rbind /dev merged/dev
  cp /etc/resolv.conf merged/etc/
  for file in /etc/apt/apt.conf.d/99*; do [ ! -e "$file" ] || cp "$file" merged/etc/apt/apt.conf.d/; done
  cp "$package" merged/root/uringbench.deb
  cat >merged/root/check <<"CHECK"
set -eux
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
apt-get update -qq
dpkg-query -W -f "\${Package}\n" | sort >/root/before
apt-get install -y -qq --no-install-recommends /root/uringbench.deb >/root/apt.log 2>&1 || { cat /root/apt.log; exit 1; }
cd /tmp
uringbench --version
uringbench list >list
uringbench --mode pthread-two-copy,epoll-two-copy --size 4K --reps 2 --warmup 20ms --duration 50ms --out study >table ||
  [ $? -eq 1 ] # a busy machine may make so short a sample invalid
uringbench report study --format junit | grep -q "<testsuite"
uringbench fields --format json-schema | cmp - /usr/share/doc/uringbench/docs/samples.schema.json
test -s /usr/share/man/man1/uringbench.1.gz
test -s /usr/share/zsh/vendor-completions/_uringbench
test -s /usr/share/fish/vendor_completions.d/uringbench.fish
bash -c "source /usr/share/bash-completion/completions/uringbench && complete -p uringbench"
/usr/share/uringbench/bench/bisect.sh --help >help
/usr/share/uringbench/bench/containers/seccomp.py --help >help
test -z "$(dpkg --verify uringbench)"
apt-get purge -y -qq uringbench >>/root/apt.log 2>&1
apt-get autoremove --purge -y -qq >>/root/apt.log 2>&1
dpkg-query -W -f "\${Package}\n" | sort | cmp - /root/before
test -z "$(find / -xdev -name "*uringbench*" -not -path "/root/*" -not -path "/proc/*" -not -path "/sys/*" -not -path "/dev/*")"
CHECK
  chroot merged sh /root/check
'
echo "installed, run and removed in a clean root"
