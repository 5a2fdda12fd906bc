# Debian packages that heed needs, and how they are installed. Sourced by ./run and ./check.

HEED_BUILD_PACKAGES="build-essential cmake ninja-build pkg-config python3 python3-glad
libimgui-dev libglfw3-dev nlohmann-json3-dev libcli11-dev libfmt-dev libutf8proc-dev libonig-dev
libpng-dev libjpeg-dev libcairo2-dev libxcb1-dev zlib1g-dev libdbus-1-dev libfontconfig-dev libfreetype-dev libharfbuzz-dev
libfribidi-dev libegl-dev libgl-dev libegl1
libgl1-mesa-dri fonts-inter fonts-jetbrains-mono fonts-dejavu-core"
HEED_TEST_PACKAGES="doctest-dev clang-format libbenchmark-dev xvfb xdotool dbus-daemon"

# Prints those of the packages in $1 that are not installed.
heed_missing_packages() {
    # shellcheck disable=SC2086
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' $1 2>/dev/null | sed -n 's/^ii *//p')
    for package in $1; do
        case "
$installed
" in
            *"
$package
"*) ;;
            *) printf '%s ' "$package" ;;
        esac
    done
}

# Installs what is missing of the packages in $1; says exactly what and stops where it cannot.
heed_install() {
    [ "${HEED_NO_INSTALL:-}" = 1 ] && return 0
    wanted=$(echo $1)
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "heed: this is no Debian or Ubuntu. Install what these packages hold, then set HEED_NO_INSTALL=1:" >&2
        echo "  $wanted" >&2
        return 1
    fi
    missing=$(heed_missing_packages "$wanted")
    [ -z "$missing" ] && return 0
    as_root=""
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "heed: packages are missing, and there is no sudo. As root:" >&2
            echo "  apt-get install $missing" >&2
            return 1
        fi
        as_root="sudo"
    fi
    echo "heed: installing $missing" >&2
    # shellcheck disable=SC2086
    $as_root apt-get update -qq >&2 &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            $missing >&2 || {
        echo "heed: apt-get could not install: $missing" >&2
        return 1
    }
}
