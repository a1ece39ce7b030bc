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
        installed up -d postgres
    until in_postgres pg_isready -q </dev/null; do
        [ "$waited" -lt 60 ] || fail "PostgreSQL không trả lời." "PostgreSQL does not answer."
        sleep 1
        waited=$((waited + 1))
    done
}

# Every step by itself: within `if backup` bash does not stop at the first that fails.
backup() { # [mark]: its folder is then in $backed_up
    local part
    backed_up="$backups/$(date -u +%Y%m%dT%H%M%SZ)-$(noted version)${1:-}"
    part="$backed_up.part"
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
    cp "$state/docker-compose.yml" "$state/version" "$1/"
}

packed() { # service folder names…: an archive of what the service's volumes hold
    local service=$1 folder=$2
    shift 2
    installed run --rm --no-deps -T --entrypoint tar "$service" -c -C "$folder" "$@" </dev/null
}

tidy() { # keeps the newest backups, the one to go back to, and the images that one of them needs
    local folder tag target
    find "$backups" -mindepth 1 -maxdepth 1 -type d -name '2*Z-*' ! -name '*.part' | sort -r |
        tail -n "+$(($(setting TIENDO_KEEP_BACKUPS 14) + 1))" | while read -r folder; do
        [ "$folder" = "$(noted back)" ] || [ "$folder" = "$(noted unfinished)" ] || rm -r -- "$folder"
    done
    docker image ls --format '{{.Tag}}' "$images-platform" | while read -r tag; do
        ! grep -qxF -- "$tag" "$backups"/*/version || continue
        for target in platform superset proxy; do docker image rm "$images-$target:$tag" >/dev/null 2>&1 || true; done
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

go_back() { # folder
    local database
    require_whole "$1"
    wake_postgres
    for database in "${databases[@]}"; do
        in_postgres pg_restore -l <"$1/$database.dump" >/dev/null ||
            fail "$1/$database.dump không đọc được; chưa đổi gì." "$1/$database.dump cannot be read; nothing was changed."
    done
    quiet
    # What is there now is put aside first; where it is beyond dumping, that is no reason to stay with it.
    [ -n "$(noted unfinished)" ] || backup -left ||
        echo "tiendo: không sao lưu được hiện trạng, vẫn trở về / the present state could not be backed up; going back all the same" >&2
    echo "$1" >"$state/unfinished"
    for database in "${databases[@]}"; do
        in_postgres psql -q -d postgres -c "drop database if exists \"$database\" with (force)" </dev/null >/dev/null
        in_postgres pg_restore -d postgres --create --exit-on-error <"$1/$database.dump"
    done
    start "$(cat "$1/version")" "$1/docker-compose.yml"
    rm -f "$state/unfinished" "$state/back"
    echo "tiendo: đã trở về / back at $(noted version)"
}

restore_house() { # folder: secrets and files first, then roles, then its data
    local file="$1/docker-compose.yml" version
    [ -z "$(noted version)" ] || fail "máy này đã có bản cài: dùng docker/stack back $1" "this machine has an installation: use docker/stack back $1" 2
    [ -n "$1" ] && [ -s "$1/version" ] || fail "đây không phải một bản sao lưu: $1" "this is no backup: $1" 2
    version=$(cat "$1/version")
    [ "$version" != "$this_version" ] || build
    require_whole "$1"
    compose "$version" "$file" run --rm --no-deps -T --entrypoint tar secrets -x -C /run/tiendo all <"$1/secrets.tar"
    compose "$version" "$file" run --rm --no-deps -T --entrypoint tar airflow-worker -x -C /var/lib/tiendo doors landing <"$1/files.tar"
    mkdir -p "$state"
    cp "$file" "$1/version" "$state/"
    echo "$1" >"$state/unfinished"
    # Dumps take it for granted that their roles are there.
    installed run --rm -T init </dev/null
    TIENDO_DEMO=0 go_back "$1"
}
