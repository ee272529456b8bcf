#!/bin/sh
# Installs the Debian or Ubuntu packages that Parley needs. Says nothing and does nothing when all are there.
#
#   scripts/system-packages.sh [build|run|test|browser]
set -eu

purpose=${1:-build}
case $purpose in
run) packages="libopus0 libsqlite3-0 libflite1 libstdc++6 tzdata ca-certificates" ;;
build | test)
    packages="libopus-dev libsqlite3-dev flite1-dev pkg-config python3 python3-pip python3-venv tzdata ca-certificates git g++"
    # What the Swift toolchain itself is linked against, where a bare system lacks it.
    swift=$(command -v swift || true)
    if [ -z "$swift" ]; then
        echo "system-packages: no swift on the PATH; install the Swift 6.3 toolchain (swift.org/install) first" >&2
        exit 1
    fi
    if ldd "$(dirname "$(readlink -f "$swift")")/swift-build" 2>/dev/null | grep -q 'not found'; then
        packages="$packages libncurses6 libcurl4 libxml2 libedit2"
    fi
    ;;
browser) packages="chromium chromium-driver python3-selenium" ;;
*)
    echo "system-packages: '$purpose' is not a purpose; say build, run, test or browser" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "system-packages: this is not Debian or Ubuntu; install the equivalents of: $packages" >&2
    exit 1
fi

missing=
for package in $packages; do
    # A newer release may install a package under another name that provides this one (libsqlite3-0t64).
    case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
    *"ok installed") ;;
    *)
        case $package in
        pkg-config) command -v pkg-config >/dev/null 2>&1 && continue ;;
        python3) command -v python3 >/dev/null 2>&1 && continue ;;
        git) command -v git >/dev/null 2>&1 && continue ;;
        # For its linker and its C++ library; Swift brings the compiler.
        g++) command -v ld >/dev/null 2>&1 && ls /usr/lib/gcc/*/*/libstdc++.so >/dev/null 2>&1 && continue ;;
        python3-venv) python3 -c "import ensurepip, venv" >/dev/null 2>&1 && continue ;;
        python3-pip) python3 -m pip --version >/dev/null 2>&1 && continue ;;
        esac
        missing="$missing $package"
        ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1; then
    as_root=sudo
else
    echo "system-packages: run this as root, or install by hand:$missing" >&2
    exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
started=$(date +%s)
step() {
    if ! "$@" >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "system-packages: '$*' failed; the lines above say why" >&2
        exit 1
    fi
}
echo "system packages: installing$missing"
# The package lists of a machine in use are there already: ask for them only when the install says it does not know a name.
# shellcheck disable=SC2086
if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >"$log" 2>&1; then
    echo "system packages: refreshing the package lists"
    step $as_root apt-get update -q
    step $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
fi
echo "system packages: installed in $(($(date +%s) - started)) s"
