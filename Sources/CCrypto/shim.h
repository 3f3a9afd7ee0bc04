#pragma once
// OpenSSL's libcrypto: message digests by its one interface for all of them (EVP).
#include <openssl/evp.h>
