#!/bin/sh
# Copy a running database and the uploaded files into a new dated folder, check the copy, forget old ones.
#   BACKUP_DIR=/backup DATABASE_ADMIN_URL=postgresql://… ZHIHENG_HOME=/var/lib/zhiheng infra/backup.sh
# A physical copy: pg_dump of 1,600 schemas takes many minutes and many locks, this takes the time of reading the files.
# The secrets are NOT in it: keep SECRET_KEY and TENANT_DATABASE_SECRET (or <home>/*.secret) in another safe place.
set -eu
umask 077

: "${BACKUP_DIR:?set BACKUP_DIR}" "${DATABASE_ADMIN_URL:?set DATABASE_ADMIN_URL}"
KEEP=${BACKUP_KEEP:-14}
BIN=${PG_BIN:+$PG_BIN/}
target=$BACKUP_DIR/$(date -u +%Y%m%dT%H%M%SZ)

mkdir -p "$BACKUP_DIR"
rm -rf "$BACKUP_DIR"/*.unfinished
"${BIN}pg_basebackup" --dbname="$DATABASE_ADMIN_URL" --pgdata="$target.unfinished/database" --checkpoint=fast --wal-method=stream
# Every page's checksum was compared while it was read; this compares the copy.  (It does not run in the embedded build.)
if "${BIN}pg_verifybackup" --version >/dev/null 2>&1; then
    "${BIN}pg_verifybackup" --quiet "$target.unfinished/database"
else
    echo "pg_verifybackup does not run here; the copy was not compared." >&2
fi
if [ -d "${ZHIHENG_HOME:-/nonexistent}/files" ]; then
    tar -C "$ZHIHENG_HOME" -czf "$target.unfinished/files.tar.gz" files
fi
mv "$target.unfinished" "$target"
echo "$target"

# Names sort by date; the newest KEEP stay.
ls -1d "$BACKUP_DIR"/*Z | sort -r | tail -n "+$((KEEP + 1))" | while read -r old; do rm -rf "$old"; done
