#pragma once

// sqlite3_db_config takes variable arguments, which Swift cannot call.

struct sqlite3;

/// Turns off the checkpoint that SQLite makes when the last connection closes.
/// `connection` is a `sqlite3 *`. Returns SQLite's result code, 0 for success.
int vignette_sqlite_disable_checkpoint_on_close(void *connection);

/// Lets SQLite take file names that are URIs, as `file:/photos.sqlite?immutable=1`; to be called before the
/// first connection is opened. Where SQLite has begun its work it changes nothing. Returns SQLite's result code.
int vignette_sqlite_accept_uris(void);
