#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CCurl.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#if defined(__APPLE__)
#define LIBRARY "libcurl.4.dylib"
#else
#define LIBRARY "libcurl.so.4"
#endif

// 7.85 has CURLOPT_PROTOCOLS_STR.
#define OLDEST 0x075500

static struct {
  CURLcode (*global_init)(long);
  curl_version_info_data *(*version_info)(CURLversion);
  CURL *(*easy_init)(void);
  void (*easy_cleanup)(CURL *);
  CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
  CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
  const char *(*easy_strerror)(CURLcode);
  struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
  void (*slist_free_all)(struct curl_slist *);
  CURLM *(*multi_init)(void);
  CURLMcode (*multi_cleanup)(CURLM *);
  CURLMcode (*multi_add_handle)(CURLM *, CURL *);
  CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
  CURLMcode (*multi_perform)(CURLM *, int *);
  CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *, unsigned int, int, int *);
  CURLMcode (*multi_wakeup)(CURLM *);
  CURLMsg *(*multi_info_read)(CURLM *, int *);
  CURLU *(*url)(void);
  void (*url_cleanup)(CURLU *);
  CURLUcode (*url_set)(CURLU *, CURLUPart, const char *, unsigned int);
  CURLUcode (*url_get)(const CURLU *, CURLUPart, char **, unsigned int);
  void (*free)(void *);
} curl;

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
static bool loaded;
static char fault[512];

static const char *load(void) {
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(fault, sizeof fault, "libcurl cannot be loaded: %s; install it (Debian: libcurl4)",
             reason ? reason : LIBRARY);
    return fault;
  }
  struct {
    const char *name;
    void *place;
  } functions[] = {
      {"curl_global_init", &curl.global_init},
      {"curl_version_info", &curl.version_info},
      {"curl_easy_init", &curl.easy_init},
      {"curl_easy_cleanup", &curl.easy_cleanup},
      {"curl_easy_setopt", &curl.easy_setopt},
      {"curl_easy_getinfo", &curl.easy_getinfo},
      {"curl_easy_strerror", &curl.easy_strerror},
      {"curl_slist_append", &curl.slist_append},
      {"curl_slist_free_all", &curl.slist_free_all},
      {"curl_multi_init", &curl.multi_init},
      {"curl_multi_cleanup", &curl.multi_cleanup},
      {"curl_multi_add_handle", &curl.multi_add_handle},
      {"curl_multi_remove_handle", &curl.multi_remove_handle},
      {"curl_multi_perform", &curl.multi_perform},
      {"curl_multi_poll", &curl.multi_poll},
      {"curl_multi_wakeup", &curl.multi_wakeup},
      {"curl_multi_info_read", &curl.multi_info_read},
      {"curl_url", &curl.url},
      {"curl_url_cleanup", &curl.url_cleanup},
      {"curl_url_set", &curl.url_set},
      {"curl_url_get", &curl.url_get},
      {"curl_free", &curl.free},
  };
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    void *found = dlsym(library, functions[i].name);
    if (!found) {
      snprintf(fault, sizeof fault, "libcurl is too old: it has no %s; 7.85 or later is needed", functions[i].name);
      return fault;
    }
    memcpy(functions[i].place, &found, sizeof found);
  }
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    snprintf(fault, sizeof fault, "libcurl cannot be set up");
    return fault;
  }
  curl_version_info_data *version = curl.version_info(CURLVERSION_NOW);
  if (version->version_num < OLDEST) {
    snprintf(fault, sizeof fault, "libcurl is too old: it is %s; 7.85 or later is needed", version->version);
    return fault;
  }
  return NULL;
}

const char *ccurl_load(void) {
  pthread_mutex_lock(&loading);
  const char *reason = loaded ? NULL : load();
  loaded = !reason;
  pthread_mutex_unlock(&loading);
  return reason;
}

struct start {
  void (*run)(void *);
  void *context;
};

static void *started(void *argument) {
  struct start start = *(struct start *)argument;
  free(argument);
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  start.run(start.context);
  return NULL;
}

bool ccurl_start_thread(void (*run)(void *), void *context) {
  struct start *start = malloc(sizeof *start);
  if (!start) return false;
  start->run = run;
  start->context = context;
  pthread_t thread;
  if (pthread_create(&thread, NULL, started, start) != 0) {
    free(start);
    return false;
  }
  pthread_detach(thread);
  return true;
}

CURL *ccurl_easy_init(void) { return curl.easy_init(); }
void ccurl_easy_cleanup(CURL *easy) { curl.easy_cleanup(easy); }

CURLcode ccurl_set_number(CURL *easy, CURLoption option, int64_t value) {
  return curl.easy_setopt(easy, option, (long)value);
}

CURLcode ccurl_set_size(CURL *easy, CURLoption option, int64_t value) {
  return curl.easy_setopt(easy, option, (curl_off_t)value);
}

CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *text) {
  return curl.easy_setopt(easy, option, text);
}

CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl.easy_setopt(easy, option, value);
}

CURLcode ccurl_set_sink(CURL *easy, CURLoption option, ccurl_sink sink) {
  return curl.easy_setopt(easy, option, sink);
}

int64_t ccurl_number(CURL *easy, CURLINFO info) {
  long value = 0;
  return curl.easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

int64_t ccurl_size(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  return curl.easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

const char *ccurl_text(CURL *easy, CURLINFO info) {
  char *value = NULL;
  return curl.easy_getinfo(easy, info, &value) == CURLE_OK ? value : NULL;
}

const char *ccurl_describe(CURLcode code) { return curl.easy_strerror(code); }

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  struct ccurl_gatekeeper *keeper = context;
  char text[INET6_ADDRSTRLEN] = "";
  const void *bytes = NULL;
  if (address->family == AF_INET) bytes = &((struct sockaddr_in *)&address->addr)->sin_addr;
  if (address->family == AF_INET6) bytes = &((struct sockaddr_in6 *)&address->addr)->sin6_addr;
  if (purpose != CURLSOCKTYPE_IPCXN || !bytes) return CURL_SOCKET_BAD;
  if (!inet_ntop(address->family, bytes, text, sizeof text)) return CURL_SOCKET_BAD;
  if (!keeper->gate(text, keeper->context)) return CURL_SOCKET_BAD;
  int descriptor = socket(address->family, address->socktype, address->protocol);
  if (descriptor < 0) return CURL_SOCKET_BAD;
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return descriptor;
}

static int before_request(void *context, char *remote, char *local, int remote_port, int local_port) {
  (void)local, (void)remote_port, (void)local_port;
  struct ccurl_gatekeeper *keeper = context;
  return keeper->gate(remote ? remote : "", keeper->context) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

CURLcode ccurl_set_gatekeeper(CURL *easy, struct ccurl_gatekeeper *keeper) {
  CURLcode code = curl.easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  if (!code) code = curl.easy_setopt(easy, CURLOPT_OPENSOCKETDATA, keeper);
  if (!code) code = curl.easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
  if (!code) code = curl.easy_setopt(easy, CURLOPT_PREREQDATA, keeper);
  return code;
}

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *line) {
  return curl.slist_append(list, line);
}

void ccurl_list_free(struct curl_slist *list) { curl.slist_free_all(list); }

CURLM *ccurl_multi_init(void) { return curl.multi_init(); }
void ccurl_multi_cleanup(CURLM *multi) { curl.multi_cleanup(multi); }
CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy) { return curl.multi_add_handle(multi, easy); }
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy) { return curl.multi_remove_handle(multi, easy); }
CURLMcode ccurl_multi_wakeup(CURLM *multi) { return curl.multi_wakeup(multi); }

CURLMcode ccurl_multi_perform(CURLM *multi) {
  int running = 0;
  return curl.multi_perform(multi, &running);
}

CURLMcode ccurl_multi_poll(CURLM *multi, int milliseconds) {
  return curl.multi_poll(multi, NULL, 0, milliseconds, NULL);
}

CURL *ccurl_multi_ended(CURLM *multi, CURLcode *code) {
  int waiting = 0;
  CURLMsg *message;
  while ((message = curl.multi_info_read(multi, &waiting))) {
    if (message->msg != CURLMSG_DONE) continue;
    *code = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

CURLUcode ccurl_url_part(const char *url, CURLUPart part, char *buffer, size_t size) {
  CURLU *parsed = curl.url();
  if (!parsed) return CURLUE_OUT_OF_MEMORY;
  char *text = NULL;
  CURLUcode code = curl.url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME);
  if (!code) code = curl.url_get(parsed, part, &text, part == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0);
  if (!code && text) {
    size_t length = strlen(text);
    if (length < size) memcpy(buffer, text, length + 1);
    else code = CURLUE_OUT_OF_MEMORY;
  }
  curl.free(text);
  curl.url_cleanup(parsed);
  return code;
}

int ccurl_address_bytes(const char *text, uint8_t *bytes) {
  if (inet_pton(AF_INET, text, bytes) == 1) return 4;
  if (inet_pton(AF_INET6, text, bytes) == 1) return 16;
  return 0;
}
