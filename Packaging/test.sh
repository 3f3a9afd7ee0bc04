#!/usr/bin/env bash
# Holds lintian against the packages in a folder, and installs, upgrades, removes and purges them in a clean root:
#   Packaging/test.sh FOLDER [lintian|install|all]      default: all
# Takes root (sudo is asked for it) and, the first time, a mirror of Debian; the root is kept in FOLDER as an archive.
set -euo pipefail
folder=$(cd "$1" && pwd)
what=${2:-all}
here=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" = 0 ] || exec sudo -- "$0" "$@"

suite=${SUITE:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
version=$(dpkg-deb -f "$(ls "$folder"/vignette_*.deb)" Version)
packages=()
names=()
for name in vignette vignette-page vignette-model-photographs vignette-model-demo; do
    packages+=("$(ls "$folder/${name}_${version}"_*.deb)")
    names+=("$(basename "${packages[-1]}")")
done

passed() { echo "packages: $1"; }
failed() { echo "packages: $*" >&2; exit 1; }

check_lintian() {
    lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$folder"/vignette_"$version"_*.changes
    for package in "${packages[@]}"; do
        # What is overridden says why.
        dpkg-deb --fsys-tarfile "$package" |
            { tar -xOf - --wildcards './usr/share/lintian/overrides/*' 2>/dev/null || true; } |
            awk '/^#/ { reason = 1; next } NF { if (!reason) { print; bad = 1 } reason = 0 } END { exit bad }' ||
            failed "an override without a reason in $package"
    done
    work=$(mktemp -d)
    dpkg-deb -x "${packages[1]}" "$work"
    desktop-file-validate "$work"/usr/share/applications/*.desktop
    appstreamcli validate --no-net "$work"/usr/share/metainfo/*.xml >/dev/null
    rm -rf "$work"
    passed "lintian finds neither error nor warning"
}

# A Debian with what the packages depend on and nothing else; made once.
prepare_root() {
    archive=$folder/root-$suite.tar
    [ -e "$archive" ] && return
    depends=$(dpkg-deb -f "${packages[0]}" Depends | tr ',' '\n' | sed -E 's/\|.*//; s/\(.*//; s/ //g' | paste -sd,)
    mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources || true; } \
        2>/dev/null | grep -oE '^(URIs:|deb) +[^ ]+/debian/?( |$)' | awk 'NR == 1 { print $2 }')
    mmdebstrap --quiet --format=tar --variant=minbase --include="systemd,$depends" \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Languages "none"' \
        "$suite" "$archive.part" ${mirror:+"$mirror"}
    mv "$archive.part" "$archive"
}

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as() { inside setpriv --reuid="$1" --regid="$1" --init-groups env HOME=/nonexistent "${@:2}"; }
# The service as systemd starts it, but for its walls.
as_service() { as vignette STATE_DIRECTORY=/var/lib/vignette CACHE_DIRECTORY=/var/cache/vignette bash -c 'umask 0007; exec "$@"' - "$@"; }

# Everything of a person's: contents, owners and modes.
people() { (cd "$root" && find srv/photos home/anna var/lib/vignette/anna.jpg -printf '%p %u %g %m\n' -type f -exec sha256sum {} +) 2>/dev/null | sort || true; }
hold_people() { [ "$(people)" = "$before" ] || { diff <(echo "$before") <(people) >&2 || true; failed "$1 changed what is a person's"; }; }

install_packages() { inside dpkg --force-confold -i "${names[@]/#//packages/}" >"$root/log" 2>&1 || { cat "$root/log" >&2; failed "dpkg"; }; }

check_installed() {
    mkdir -p "$root/packages" && cp "${packages[@]}" "$root/packages/"
    install_packages
    inside getent passwd vignette >/dev/null || failed "sysusers made no account"
    inside dpkg --verify vignette vignette-page vignette-model-demo | grep . && failed "files differ from the packages"
    for file in $(inside dpkg -L vignette vignette-page vignette-model-photographs vignette-model-demo | sort -u); do
        case $(stat -c '%u:%g %A' "$root$file") in
        "0:0 "l*) ;;
        "0:0 "?????-??-?) ;;
        *) failed "$file has a foreign owner, or others may write it" ;;
        esac
    done
    [ "$(inside dpkg-query -W -f '${Conffiles}' vignette | awk 'NF { print $1 }')" = /etc/vignette/vignette.yaml ] ||
        failed "the configuration is no conffile"
    for unit in vignette.service vignette-page.service vignette-page.socket vignette-work.service; do
        units=$(inside systemd-analyze verify --man=no "$unit" 2>&1 | grep vignette || true)
        [ -z "$units" ] || failed "$unit: $units"
        ! ls "$root"/etc/systemd/system/*.wants/"$unit" 2>/dev/null || failed "$unit is enabled before anybody has said so"
    done
    for unit in vignette.service vignette-page.service vignette-work.service; do
        inside systemd-analyze security --offline=true --threshold=10 --no-pager "$unit" >/dev/null || failed "$unit is exposed"
    done
    for file in man/man1/vignette-watch.1.gz man/man5/vignette.yaml.5.gz man/man8/vignette.service.8.gz \
        bash-completion/completions/vignette zsh/vendor-completions/_vignette fish/vendor_completions.d/vignette.fish; do
        [ -s "$root/usr/share/$file" ] || failed "no /usr/share/$file"
    done
    hold_people "installing"
    passed "installed: account, owners, units, pages and completions"
}

# The service's library, and a member of its group who is no more than that.
check_work() {
    install -d "$root/etc/vignette"
    printf 'folders: [/srv/photos]\nmodel: demo\n' >>"$root/etc/vignette/vignette.yaml"
    inside install -d -o vignette -g vignette -m 2770 /var/lib/vignette
    inside install -d -o vignette -g vignette -m 0755 /var/cache/vignette
    cp "$here/../Samples/fox-lake-cloudy.jpg" "$root/var/lib/vignette/anna.jpg"
    before=$(people)
    as_service vignette scan --config /etc/vignette/vignette.yaml >"$root/log" 2>&1 || { cat "$root/log" >&2; failed "the service cannot describe"; }
    inside usermod -a -G vignette anna
    as anna vignette status --service | grep -q /srv/photos || failed "a member of the group does not see the library"
    as anna vignette search --service lake | grep -q fox-lake || failed "a member of the group finds nothing"
    as anna vignette retry --service --all >/dev/null || failed "a member of the group cannot order work"
    as anna vignette redo --service --dry-run >/dev/null || failed "a member of the group cannot order work"
    ! as stranger vignette status --service >/dev/null 2>&1 || failed "a stranger sees the library"
    as_service vignette scan --config /etc/vignette/vignette.yaml >/dev/null 2>&1 || failed "the service does not go on"
    hold_people "describing"
    passed "at work: the service describes, members of its group see it, strangers do not"
}

# The same packages with a later version and another configuration.
check_upgraded() {
    for name in "${names[@]}"; do
        rm -rf "$root/unpacked" && dpkg-deb -R "$folder/$name" "$root/unpacked"
        sed -i "s/^Version: .*/Version: $version+later/" "$root/unpacked/DEBIAN/control"
        if [ -e "$root/unpacked/etc/vignette/vignette.yaml" ]; then
            echo '# More is explained.' >>"$root/unpacked/etc/vignette/vignette.yaml"
        fi
        dpkg-deb --root-owner-group -Znone -b "$root/unpacked" "$root/packages/$name" >/dev/null
    done
    rm -rf "$root/unpacked"
    configuration=$(sha256sum <"$root/etc/vignette/vignette.yaml")
    catalogue=$(sha256sum <"$root/var/lib/vignette/catalogue.sqlite")
    account=$(inside id vignette)
    install_packages
    [ "$(inside dpkg-query -W -f '${Version}' vignette)" = "$version+later" ] || failed "not upgraded"
    [ "$(sha256sum <"$root/etc/vignette/vignette.yaml")" = "$configuration" ] || failed "upgrading changed the configuration"
    [ -e "$root/etc/vignette/vignette.yaml.dpkg-dist" ] || failed "the new configuration is not beside the old"
    [ "$(sha256sum <"$root/var/lib/vignette/catalogue.sqlite")" = "$catalogue" ] || failed "upgrading changed the catalogue"
    [ "$(inside id vignette)" = "$account" ] || failed "upgrading changed the account"
    hold_people "upgrading"
    passed "upgraded: configuration, catalogue and account stay"
}

all_packages="vignette-page vignette-model-demo vignette-model-photographs vignette"
check_removed() {
    inside dpkg -r $all_packages >"$root/log" 2>&1 || { cat "$root/log" >&2; failed "removing"; }
    ! ls "$root"/usr/bin/vignette "$root"/usr/share/vignette "$root"/lib/systemd/system/vignette* \
        "$root"/usr/lib/systemd/system/vignette* 2>/dev/null | grep . || failed "removing left programs or units"
    [ -e "$root/etc/vignette/vignette.yaml" ] || failed "removing took the configuration"
    [ -e "$root/var/lib/vignette/catalogue.sqlite" ] || failed "removing took the catalogue"
    hold_people "removing"
    passed "removed: configuration and catalogue stay"
}

check_purged() {
    inside dpkg -P $all_packages >"$root/log" 2>&1 || { cat "$root/log" >&2; failed "purging"; }
    rest=$(cd "$root" && find etc usr var lib -xdev \( -name '*vignette*' -o -path '*/vignette/*' \) \
        ! -path 'var/lib/vignette' ! -path var/lib/vignette/anna.jpg ! -path 'var/lib/dpkg/*' ! -path 'var/log/*' |
        grep -v '^etc/systemd/system/.*-> /dev/null' || true)
    [ -z "$rest" ] || failed "purging left $rest"
    hold_people "purging"
    passed "purged: nothing of Vignette is left, and everything of a person's is"
}

check_cycles() {
    prepare_root
    root=$(mktemp -d)
    trap 'umount -l "$root/proc" "$root/dev" 2>/dev/null || true; rm -rf --one-file-system "$root"' EXIT
    tar -xf "$archive" -C "$root"
    chmod 755 "$root"
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    inside useradd -m anna
    inside useradd -m stranger
    mkdir -p "$root/srv/photos" "$root/home/anna/Pictures"
    for name in fox-lake-cloudy truck-kitchen-bright; do cp "$here/../Samples/$name.jpg" "$root/srv/photos/"; done
    cp "$here/../Samples/map-bright.jpg" "$root/home/anna/Pictures/"
    printf '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>' >"$root/srv/photos/fox-lake-cloudy.jpg.xmp"
    inside chown -R anna:anna /srv/photos /home/anna/Pictures
    before=$(people)
    check_installed
    [ "$what" = install ] && return
    check_work
    check_upgraded
    check_removed
    check_purged
}

case $what in
lintian) check_lintian ;;
install) check_lintian; check_cycles ;;
all) check_lintian; check_cycles ;;
*) failed "'$what' is none of lintian, install, all" ;;
esac
