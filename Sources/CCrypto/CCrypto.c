#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CCrypto.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#if defined(__APPLE__)
#define LIBRARY "libcrypto.3.dylib"
#else
#define LIBRARY "libcrypto.so.3"
#endif

static unsigned char *(*sha256)(const unsigned char *, size_t, unsigned char *);
static pthread_once_t once = PTHREAD_ONCE_INIT;
static char fault[512];

static void load(void) {
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(fault, sizeof fault, "libcrypto cannot be loaded: %s; install it (Debian: libssl3)",
             reason ? reason : LIBRARY);
    return;
  }
  *(void **)&sha256 = dlsym(library, "SHA256");
  if (!sha256) snprintf(fault, sizeof fault, "libcrypto has no SHA256");
}

const char *ccrypto_sha256(const uint8_t *bytes, size_t count, uint8_t *digest) {
  pthread_once(&once, load);
  if (!sha256) return fault;
  return sha256(bytes, count, digest) ? NULL : "libcrypto gave no digest";
}
