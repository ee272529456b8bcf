#!/usr/bin/env bash
# Proves that the scripts need nothing that a bare Debian has not: runs the Dockerfile's steps in a fresh root made by
# debootstrap, with no more than this machine's Swift toolchain and its way to the package mirrors lent to it.
#
#   scripts/bare-root.sh [--build] [--keep] [DIRECTORY]
#
#   --build   compile inside the root as well; else the binary of this checkout is copied in (its libraries of Swift come
#             from the lent toolchain)
#   --keep    leave the root behind
#
# SUITE=bookworm and TOOLCHAIN=/opt/swift (the folder that holds usr/bin/swift) may be set. Needs root and debootstrap.
set -euo pipefail
cd "$(dirname "$0")/.."
build= keep= root=
while (($#)); do
    case $1 in
    --build) build=1 ;;
    --keep) keep=1 ;;
    -*) echo "bare-root: '$1' is not understood; see the head of scripts/bare-root.sh" >&2; exit 2 ;;
    *) root=$1 ;;
    esac
    shift
done
suite=${SUITE:-bookworm}
swift=$(command -v swift || true)
toolchain=${TOOLCHAIN:-$(realpath "${swift:-/opt/swift/usr/bin/swift}" | sed 's|/usr/bin/.*||')}
[[ $(id -u) == 0 ]] || { echo "bare-root: run this as root: it makes a root file system" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "bare-root: apt-get install debootstrap" >&2; exit 2; }
[[ -x $toolchain/usr/bin/swift ]] || { echo "bare-root: no $toolchain/usr/bin/swift; set TOOLCHAIN" >&2; exit 2; }
[[ $build || -x .build/release/parley ]] || { echo "bare-root: no binary to copy; make build, or --build" >&2; exit 2; }

# Mounts in a namespace of our own: they are gone when this ends, whatever happens.
if [[ -z ${BARE_ROOT_UNSHARED:-} ]]; then
    root=${root:-$(mktemp -d /var/tmp/bare-root.XXXXXX)}
    mkdir -p "$root" && chmod 755 "$root"
    result=0
    BARE_ROOT_UNSHARED=1 unshare --mount --propagation private -- "$0" ${build:+--build} --keep "$root" || result=$?
    [[ $keep ]] || rm -rf --one-file-system "$root"
    exit "$result"
fi

times=
step() {
    local name=$1 from=$SECONDS
    shift
    echo "== $name"
    "$@"
    times+="$name $((SECONDS - from)) s, "
}
# Only what is named crosses into the root.
inside() { chroot "$root" env -i HOME=/root LANG=C.UTF-8 PATH="$toolchain/usr/bin:/usr/bin:/usr/sbin:/bin:/sbin" "${lent[@]}" "$@"; }
lent=()

mirror=$({ cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list 2>/dev/null || true; } |
    sed -n '/^URIs: /{s/URIs: *//p;q}; /^deb /{s/deb \([^ ]*\) .*/\1/p;q}')
bare() { debootstrap --variant=minbase "$suite" "$root" "${mirror:-http://deb.debian.org/debian}" | tail -n 1; }
step "a bare $suite" bare

# The machine's way to the mirrors, read here and kept nowhere else.
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
    if [[ -f $file ]] && grep -q '^Acquire' "$file"; then cp "$file" "$root/etc/apt/apt.conf.d/"; fi
done
for name in http_proxy https_proxy no_proxy PIP_INDEX_URL; do
    if [[ -n ${!name:-} ]]; then lent+=("$name=${!name}"); fi
done
if [[ -f /etc/ssl/certs/ca-certificates.crt ]]; then
    mkdir -p "$root/run/lent" && cp /etc/ssl/certs/ca-certificates.crt "$root/run/lent/"
    for name in PIP_CERT SSL_CERT_FILE GIT_SSL_CAINFO; do lent+=("$name=/run/lent/ca-certificates.crt"); done
fi
mkdir -p "$root$toolchain" "$root/src"
mount --rbind "$toolchain" "$root$toolchain"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
{ git ls-files -z --cached --others --exclude-standard || find . -type f -print0; } | tar --null -T - -c --ignore-failed-read | tar -x -C "$root/src"

inside true
step "system packages" inside /src/scripts/system-packages.sh build
step "speech engines" inside bash -c 'cd /src && scripts/engines.sh'
if [[ $build ]]; then
    step "build" inside bash -c 'cd /src && swift build -c release --static-swift-stdlib --product parley'
else
    mkdir -p "$root/src/.build/release"
    cp .build/release/parley "$root/src/.build/release/"
fi
step "system packages to run" inside /src/scripts/system-packages.sh run
inside useradd --create-home caller
step "doctor" inside su caller -s /bin/bash -c 'cd /tmp && PARLEY_ENGINES=/src/engines /src/.build/release/parley doctor'
step "demo" inside su caller -s /bin/bash -c 'PARLEY_ENGINES=/src/engines /src/scripts/demo.sh'
echo "bare-root: ${times%, }"
