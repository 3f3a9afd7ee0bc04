#pragma once
// OpenSSL's libssl: the server's side of TLS, for tests.
#include <openssl/ssl.h>
