#include "CSQLiteSettings.h"

#include <sqlite3.h>

int vignette_sqlite_disable_checkpoint_on_close(void *connection) {
    return sqlite3_db_config((sqlite3 *)connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

int vignette_sqlite_accept_uris(void) { return sqlite3_config(SQLITE_CONFIG_URI, 1); }
