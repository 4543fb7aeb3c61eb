#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "CrashCalls.h"

void crash_calls_are_loaded(void) {}

#if defined(__linux__)
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

// The calls themselves go straight to the kernel: what is looked up by name could come back here.

enum how { BEFORE, AFTER, WITHIN, LATER };

static const char *folder, *ports, *step;
static size_t folder_length;
static long number;
static enum how how = BEFORE;
static long amount;
static int trace = -1;
static atomic_long seen;

__attribute__((constructor)) static void begin(void) {
  folder = getenv("CRASH_FOLDER");
  folder_length = folder ? strlen(folder) : 0;
  ports = getenv("CRASH_PORTS");
  step = getenv("CRASH_STEP");
  const char *text = getenv("CRASH_NUMBER");
  number = text ? atol(text) : 0;
  text = getenv("CRASH_HOW");
  if (text && strcmp(text, "after") == 0) how = AFTER;
  if (text && strncmp(text, "within:", 7) == 0) how = WITHIN, amount = atol(text + 7);
  if (text && strncmp(text, "later:", 6) == 0) how = LATER, amount = atol(text + 6);
  text = getenv("CRASH_TRACE");
  if (text) trace = (int)syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

static void *die_later(void *nothing) {
  struct timespec wait = {amount / 1000000, amount % 1000000 * 1000};
  nanosleep(&wait, NULL);
  die();
  return nothing;
}

// Notes a step; true where the process is to end at it. Before the call, unless it says otherwise, it ends here.
static bool reached(const char *name) {
  if (trace >= 0) {
    char line[256];
    int length = snprintf(line, sizeof line, "%s\n", name);
    if (length > (int)sizeof line - 1) length = sizeof line - 1;
    syscall(SYS_write, trace, line, (size_t)length);
  }
  if (number == 0 || (step && strcmp(step, name) != 0)) return false;
  if (atomic_fetch_add(&seen, 1) + 1 != number) return false;
  if (how == BEFORE) die();
  return true;
}

static void passed(bool is_end) {
  if (!is_end) return;
  if (how != LATER) die();
  pthread_t thread;
  if (pthread_create(&thread, NULL, die_later, NULL) != 0) die();
}

// MARK: What a call is about

// What the transaction of this thread has changed, in the order of first changes.
static __thread char changed[160];

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void note_change(const char *name, size_t length) {
  size_t there = strlen(changed);
  for (const char *found = changed; (found = strstr(found, name)) != NULL; found++) {
    bool begins = found == changed || found[-1] == ' ';
    if (begins && strncmp(found, name, length) == 0 && !is_letter(found[length])) return;
  }
  if (there + length + 2 > sizeof changed) return;
  if (there) changed[there++] = ' ';
  memcpy(changed + there, name, length);
  changed[there + length] = 0;
}

static const char *after_word(const char *sql, const char *word) {
  while (*sql == ' ' || *sql == '\n' || *sql == '\t') sql++;
  size_t length = strlen(word);
  return strncasecmp(sql, word, length) == 0 && !is_letter(sql[length]) ? sql + length : NULL;
}

// Reads which table a statement changes.
static void note_statement(const char *sql) {
  const char *rest;
  if (after_word(sql, "BEGIN")) {
    changed[0] = 0;
    return;
  }
  bool is_update = false;
  if ((rest = after_word(sql, "INSERT"))) {
    const char *or = after_word(rest, "OR");
    if (or) {
      while (*or == ' ') or++;
      while (is_letter(*or)) or++;
      rest = or;
    }
    rest = after_word(rest, "INTO");
  } else if ((rest = after_word(sql, "DELETE"))) {
    rest = after_word(rest, "FROM");
  } else if ((rest = after_word(sql, "UPDATE"))) {
    is_update = true;
  }
  if (!rest) return;
  while (*rest == ' ' || *rest == '\n' || *rest == '"') rest++;
  size_t length = 0;
  while (is_letter(rest[length])) length++;
  if (length == 0 || length > 40) return;
  char name[64];
  memcpy(name, rest, length);
  name[length] = 0;
  // The three changes of a message's row are three steps of its way.
  if (is_update && strcmp(name, "outbox") == 0) {
    if (strstr(sql, "SET state = 'sending'")) strcpy(name, "outbox:sending");
    else if (strstr(sql, "WHERE id = ? AND state = 'sending'")) strcpy(name, "outbox:ended");
    else strcpy(name, "outbox:other");
  }
  note_change(name, strlen(name));
}

struct sqlite3_stmt;

int sqlite3_step(struct sqlite3_stmt *statement) {
  static int (*next)(struct sqlite3_stmt *);
  static const char *(*text)(struct sqlite3_stmt *);
  if (!next) {
    text = (const char *(*)(struct sqlite3_stmt *))dlsym(RTLD_DEFAULT, "sqlite3_sql");
    next = (int (*)(struct sqlite3_stmt *))dlsym(RTLD_NEXT, "sqlite3_step");
  }
  const char *sql = text ? text(statement) : NULL;
  if (sql) note_statement(sql);
  int code = next(statement);
  if (sql && (after_word(sql, "COMMIT") || after_word(sql, "ROLLBACK"))) changed[0] = 0;
  return code;
}

// What a file of the store is to it; NULL for everything else, and for the index in shared memory, which is made anew.
static const char *part_of_store(const char *path) {
  if (strncmp(path, folder, folder_length) != 0) return NULL;
  const char *end = strrchr(path, '/');
  const char *name = end ? end : path;
  if (strstr(name, "-shm")) return NULL;
  if (strstr(name, "-wal")) return "log";
  if (strstr(name, "-journal")) return "journal";
  if (strstr(name, ".lock")) return "lock";
  return strstr(name, ".db") ? "database" : "file";
}

static bool path_step(const char *path, const char *verb, char *line, size_t size) {
  const char *name = folder_length && path ? part_of_store(path) : NULL;
  if (name) snprintf(line, size, "store [%s] %s %s", changed, verb, name);
  return name != NULL;
}

static bool store_step(int file, const char *verb, char *line, size_t size) {
  char place[64], path[512];
  if (!folder_length) return false;
  snprintf(place, sizeof place, "/proc/self/fd/%d", file);
  ssize_t length = readlink(place, path, sizeof path - 1);
  if (length <= 0) return false;
  path[length] = 0;
  return path_step(path, verb, line, size);
}

static const char *peer_name(uint16_t port, char *name, size_t size) {
  char wanted[16];
  int digits = snprintf(wanted, sizeof wanted, "=%u", port);
  for (const char *entry = ports; entry && *entry;) {
    const char *end = strchr(entry, ',');
    size_t length = end ? (size_t)(end - entry) : strlen(entry);
    if (length > (size_t)digits && strncmp(entry + length - digits, wanted, (size_t)digits) == 0) {
      snprintf(name, size, "%.*s", (int)(length - (size_t)digits), entry);
      return name;
    }
    entry = end ? end + 1 : NULL;
  }
  return NULL;
}

static const char *connection(int file, char *name, size_t size) {
  if (!ports) return NULL;
  struct sockaddr_in peer;
  socklen_t length = sizeof peer;
  if (getpeername(file, (struct sockaddr *)&peer, &length) != 0 || peer.sin_family != AF_INET) return NULL;
  return peer_name(ntohs(peer.sin_port), name, size);
}

// MARK: Files

static size_t part(bool is_end, size_t count) {
  return is_end && how == WITHIN ? count * (size_t)amount / 100 : count;
}

ssize_t write(int file, const void *bytes, size_t count) {
  char line[240], name[64];
  bool is_end = false;
  if (store_step(file, "write", line, sizeof line)) {
    is_end = reached(line);
  } else if (connection(file, name, sizeof name)) {
    snprintf(line, sizeof line, "%s: request", name);
    is_end = reached(line);
  }
  ssize_t done = syscall(SYS_write, file, bytes, part(is_end, count));
  passed(is_end);
  return done;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place) {
  char line[240];
  bool is_end = store_step(file, "write", line, sizeof line) && reached(line);
  ssize_t done = syscall(SYS_pwrite64, file, bytes, part(is_end, count), place);
  passed(is_end);
  return done;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t place) { return pwrite64(file, bytes, count, place); }

static int synced(int file, long call) {
  char line[240];
  bool is_end = store_step(file, "sync", line, sizeof line) && reached(line);
  int code = (int)syscall(call, file);
  passed(is_end);
  return code;
}

int fsync(int file) { return synced(file, SYS_fsync); }
int fdatasync(int file) { return synced(file, SYS_fdatasync); }

int ftruncate64(int file, off64_t length) {
  char line[240];
  bool is_end = store_step(file, "cut", line, sizeof line) && reached(line);
  int code = (int)syscall(SYS_ftruncate, file, length);
  passed(is_end);
  return code;
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

int unlink(const char *path) {
  char line[240];
  bool is_end = path_step(path, "remove", line, sizeof line) && reached(line);
  int code = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  passed(is_end);
  return code;
}

int rename(const char *from, const char *to) {
  char line[240];
  bool is_end = path_step(to, "rename", line, sizeof line) && reached(line);
  int code = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  passed(is_end);
  return code;
}

// MARK: Connections

int connect(int file, const struct sockaddr *address, socklen_t length) {
  char line[240], name[64];
  bool is_end = false;
  if (ports && address && address->sa_family == AF_INET
      && peer_name(ntohs(((const struct sockaddr_in *)address)->sin_port), name, sizeof name)) {
    snprintf(line, sizeof line, "%s: connect", name);
    is_end = reached(line);
  }
  int code = (int)syscall(SYS_connect, file, address, length);
  int fault = errno;
  passed(is_end);
  errno = fault;
  return code;
}

ssize_t sendto(
  int file, const void *bytes, size_t count, int flags, const struct sockaddr *address, socklen_t length) {
  char line[240], name[64];
  bool is_end = false;
  if (connection(file, name, sizeof name)) {
    snprintf(line, sizeof line, "%s: request", name);
    is_end = reached(line);
  }
  ssize_t done = syscall(SYS_sendto, file, bytes, part(is_end, count), flags, address, length);
  passed(is_end);
  return done;
}

ssize_t send(int file, const void *bytes, size_t count, int flags) { return sendto(file, bytes, count, flags, NULL, 0); }

ssize_t recvfrom(int file, void *bytes, size_t count, int flags, struct sockaddr *address, socklen_t *length) {
  char line[240], name[64], first;
  bool is_end = false;
  // A look at what has not come is no step.
  if (!(flags & MSG_PEEK) && connection(file, name, sizeof name)
      && syscall(SYS_recvfrom, file, &first, 1, MSG_PEEK | MSG_DONTWAIT, NULL, NULL) > 0) {
    snprintf(line, sizeof line, "%s: answer", name);
    is_end = reached(line);
  }
  ssize_t done = syscall(SYS_recvfrom, file, bytes, count, flags, address, length);
  int fault = errno;
  passed(is_end);
  errno = fault;
  return done;
}

ssize_t recv(int file, void *bytes, size_t count, int flags) { return recvfrom(file, bytes, count, flags, NULL, NULL); }

ssize_t __recv_chk(int file, void *bytes, size_t count, size_t room, int flags) {
  if (count > room) abort();
  return recv(file, bytes, count, flags);
}

#endif
