// libcurl for Swift: loaded at the first request instead of linked (docs/decisions/0015), and typed, since Swift cannot
// call functions with variable arguments.
//
// Only ccurl_load and ccurl_start_thread may be called before ccurl_load has returned NULL.

#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Loads libcurl where it is not loaded yet. NULL once it is there, else a sentence on why it is not, which stays valid.
const char *_Nullable ccurl_load(void);

/// Runs a function on a thread of its own that no signal reaches; false where the system gives no thread.
/// Without SIGPIPE: a write to a closed connection is an error of the transfer and not the end of the process.
bool ccurl_start_thread(void (*run)(void *_Nullable), void *_Nullable context);

/// Bytes that came: how many were taken; another number than came ends the transfer.
typedef size_t (*ccurl_sink)(char *_Nullable bytes, size_t size, size_t count, void *_Nullable context);
/// Whether an address, in numbers as text, may be connected to.
typedef bool (*ccurl_gate)(const char *address, void *_Nullable context);

CURL *_Nullable ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *easy);
CURLcode ccurl_set_number(CURL *easy, CURLoption option, int64_t value);
/// For the options whose value libcurl takes as curl_off_t.
CURLcode ccurl_set_size(CURL *easy, CURLoption option, int64_t value);
/// libcurl copies the text.
CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *text);
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *_Nullable value);
CURLcode ccurl_set_sink(CURL *easy, CURLoption option, ccurl_sink sink);
int64_t ccurl_number(CURL *easy, CURLINFO info);
int64_t ccurl_size(CURL *easy, CURLINFO info);
/// Valid as long as the handle.
const char *_Nullable ccurl_text(CURL *easy, CURLINFO info);
const char *ccurl_describe(CURLcode code);

/// Asks the gate before a socket is opened, and again before a request goes out, on a connection used again too.
/// The pair must outlive the transfer.
struct ccurl_gatekeeper {
  ccurl_gate gate;
  void *_Nullable context;
};
CURLcode ccurl_set_gatekeeper(CURL *easy, struct ccurl_gatekeeper *keeper);

/// The list with a line more; NULL where memory ran out, and then the given list is still there.
struct curl_slist *_Nullable ccurl_list_append(struct curl_slist *_Nullable list, const char *line);
void ccurl_list_free(struct curl_slist *_Nullable list);

CURLM *_Nullable ccurl_multi_init(void);
void ccurl_multi_cleanup(CURLM *multi);
CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_perform(CURLM *multi);
CURLMcode ccurl_multi_poll(CURLM *multi, int milliseconds);
/// May be called from any thread.
CURLMcode ccurl_multi_wakeup(CURLM *multi);
/// The next transfer that has ended, or NULL.
CURL *_Nullable ccurl_multi_ended(CURLM *multi, CURLcode *code);

/// A part of a URL as libcurl reads it (`http://0x7f.1/` has the host 127.0.0.1), as text with a 0 at its end.
/// 0, else libcurl's CURLUcode; a part that does not fit is CURLUE_OUT_OF_MEMORY.
CURLUcode ccurl_url_part(const char *url, CURLUPart part, char *buffer, size_t size);

/// Four or sixteen bytes of an address in numbers; 0 where the text is none.
int ccurl_address_bytes(const char *text, uint8_t *bytes);

#pragma clang assume_nonnull end

#endif
