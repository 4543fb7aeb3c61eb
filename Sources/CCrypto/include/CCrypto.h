// SHA-256 of OpenSSL's libcrypto, loaded when it is first wanted instead of linked, as libcurl is (docs/decisions/0015).

#ifndef CCRYPTO_H
#define CCRYPTO_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Writes the 32 bytes of the digest. NULL where it has, else a sentence on why it could not, which stays valid.
const char *_Nullable ccrypto_sha256(const uint8_t *bytes, size_t count, uint8_t *digest);

#pragma clang assume_nonnull end

#endif
