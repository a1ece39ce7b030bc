# Backups of the house of containers, for docker/stack: made, tidied, put back. Each is a folder with a dump of the three
# databases, what units sent (doors, landing), everything secret, and the version and the compose file they belong to: all
# that another machine needs. Only who runs docker/stack may read it.
# shellcheck shell=bash

databases=(tiendo airflow superset)

# shellcheck disable=SC2016  # read inside the container
in_postgres() { installed exec -T postgres sh -c 'export PGHOST=127.0.0.1 PGUSER=postgres PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE"); exec "$@"' sh "$@"; }

wake_postgres() { # it alone, where everything is down
    local waited=0
    [ -n "$(docker ps -q --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.service=postgres)" ] ||
        installed up -d --no-build postgres || return 1
    until in_postgres pg_isready -q </dev/null; do
        if [ "$waited" -ge 60 ]; then
            echo "tiendo: PostgreSQL không trả lời / does not answer" >&2
            return 1
        fi
        sleep 1
        waited=$((waited + 1))
    done
}

# Every step by itself: within `if backup` bash does not stop at the first that fails.
backup() { # [mark]: its folder is then in $backed_up
    local part
    backed_up="$backups/$(date -u +%Y%m%dT%H%M%SZ)-$(noted version)${1:-}"
    part="$backed_up.part"
    # What a backup that was killed left behind; there is only one at a time.
    rm -rf "$backups"/2*.part
    if ! { mkdir -p "$part" && wake_postgres && dump "$part" && mv "$part" "$backed_up"; }; then
        rm -rf "$part"
        return 1
    fi
    echo "tiendo: đã sao lưu / backed up: $backed_up"
}

dump() { # folder
    local database
    for database in "${databases[@]}"; do
        in_postgres pg_dump -Fc "$database" </dev/null >"$1/$database.dump" || return 1
    done
    packed airflow-worker /var/lib/tiendo doors landing >"$1/files.tar" || return 1
    packed secrets /run/tiendo all >"$1/secrets.tar" || return 1
    keep_files "$state" "$1" && cp "$state/version" "$1/"
}

packed() { # service folder names…: an archive of what the service's volumes hold
    local service=$1 folder=$2
    shift 2
    # A file that a unit closed to us, or is sending just now, is told and no reason to be without a backup.
    # shellcheck disable=SC2016  # read inside the container
    installed run --rm --no-deps -T --entrypoint sh "$service" \
        -c 'tar -c --ignore-failed-read -C "$@" || [ $? -eq 1 ]' tar "$folder" "$@" </dev/null
}

require_keep() {
    [[ $(setting TIENDO_KEEP_BACKUPS 14) =~ ^[1-9][0-9]*$ ]] || fail \
        "TIENDO_KEEP_BACKUPS trong .env: hãy đặt một số từ 1." "TIENDO_KEEP_BACKUPS in .env: set a number from 1 on." 2
}

tidy() { # keeps the newest backups and the one to go back to; images go with the last backup of their version
    local folder version target
    find "$backups" -mindepth 1 -maxdepth 1 -type d -name '2*Z-*' ! -name '*.part' | LC_ALL=C sort -r |
        tail -n "+$(($(setting TIENDO_KEEP_BACKUPS 14) + 1))" | while read -r folder; do
        if [ "$folder" = "$(noted back)" ] || [ "$folder" = "$(noted unfinished)" ]; then continue; fi
        version=$(cat "$folder/version")
        rm -r -- "$folder"
        if [ "$version" = "$this_version" ] || grep -qsxF -- "$version" "$backups"/*/version; then continue; fi
        for target in platform superset proxy; do
            docker image rm "$images-$target:$version" >/dev/null 2>&1 || true
        done
    done
}

require_whole() { # folder: of a version whose images are here
    local version name
    [ -n "$1" ] || fail "không có lần nâng cấp nào để trở về; chọn một bản sao lưu: docker/stack back $backups/…" \
        "there is no upgrade to come back from; choose a backup: docker/stack back $backups/…" 2
    for name in version docker-compose.yml "${databases[@]/%/.dump}"; do
        [ -s "$1/$name" ] || fail "bản sao lưu $1 không có $name." "the backup $1 has no $name." 2
    done
    version=$(cat "$1/version")
    has_images "$version" || fail \
        "máy này không có ảnh của phiên bản $version: lấy mã nguồn phiên bản ấy (git checkout) rồi docker/stack build." \
        "this machine lacks the images of version $version: check that version out (git checkout), then docker/stack build." 2
}

go_back() { # folder [force]
    local folder database
    require_whole "$1"
    folder=$(realpath "$1")
    wake_postgres || fail "chưa đổi gì." "nothing was changed."
    for database in "${databases[@]}"; do
        # Read to its end: the head of a dump that was copied in part is whole.
        in_postgres pg_restore -f /dev/null <"$folder/$database.dump" ||
            fail "$folder/$database.dump không đọc được; chưa đổi gì." "$folder/$database.dump cannot be read; nothing was changed."
    done
    quiet
    # What is there now is put aside first, where it is not half of something already.
    if [ -z "$(noted restoring)$(noted unfinished)" ] && ! backup -left && [ "${2:-}" != force ]; then
        start "$(noted version)" "$state"
        fail "không sao lưu được hiện trạng, nên chưa đổi gì; vẫn muốn trở về: docker/stack back $folder force" \
            "the present could not be backed up, so nothing was changed; to go back all the same: docker/stack back $folder force"
    fi
    [ -n "$(noted restoring)" ] || echo "back $folder" >"$state/restoring"
    for database in "${databases[@]}"; do
        in_postgres psql -q -d postgres -c "drop database if exists \"$database\" with (force)" </dev/null >/dev/null
        in_postgres pg_restore -d postgres --create --exit-on-error <"$folder/$database.dump"
    done
    start "$(cat "$folder/version")" "$folder"
    rm -f "$state/restoring" "$state/unfinished" "$state/back"
    echo "tiendo: đã trở về / back at $(noted version)"
}

restore_house() { # folder: secrets and files first, then roles, then its data
    local folder version
    [ -n "$1" ] && [ -s "$1/version" ] || fail "đây không phải một bản sao lưu: $1" "this is no backup: $1" 2
    folder=$(realpath "$1")
    # A second try of the same goes on.
    if [ "$(noted restoring)" != "restore $folder" ] && { [ -n "$(noted version)$(noted restoring)" ] ||
        docker volume inspect "${project}_postgres" >/dev/null 2>&1; }; then
        fail "máy này đã có dữ liệu. Bỏ hết: docker/stack down, rồi docker volume rm \$(docker volume ls -q -f name=^${project}_), rm -r $state" \
            "this machine holds data. To drop all: docker/stack down, then docker volume rm \$(docker volume ls -q -f name=^${project}_), rm -r $state" 2
    fi
    version=$(cat "$folder/version")
    [ "$version" != "$this_version" ] || build
    require_whole "$folder"
    [ -s "$folder/secrets.tar" ] && [ -s "$folder/files.tar" ] ||
        fail "bản sao lưu $folder chỉ có cơ sở dữ liệu." "the backup $folder holds databases only." 2
    mkdir -p "$state"
    echo "restore $folder" >"$state/restoring"
    compose "$version" "$folder" run --rm --no-deps -T --entrypoint tar secrets -x -C /run/tiendo all <"$folder/secrets.tar"
    compose "$version" "$folder" run --rm --no-deps -T --entrypoint tar airflow-worker -x -C /var/lib/tiendo doors landing <"$folder/files.tar"
    # Dumps take it for granted that their roles are there.
    compose "$version" "$folder" run --rm -T init </dev/null
    keep_files "$folder" "$state"
    cp "$folder/version" "$state/"
    TIENDO_DEMO=0 go_back "$folder"
}
