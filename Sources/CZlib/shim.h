#include <zlib.h>

// deflateInit2 is a macro, which Swift does not see. Writes a gzip member (RFC 1952) of `count` bytes to `to`, which has
// `*room` bytes; `*room` is then how many were written. Z_OK, else why not.
static inline int czlib_gzip(const unsigned char *from, unsigned count, unsigned char *to, unsigned *room, int level) {
  z_stream stream = {0};
  int state = deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  if (state != Z_OK) return state;
  stream.next_in = (unsigned char *)from;
  stream.avail_in = count;
  stream.next_out = to;
  stream.avail_out = *room;
  state = deflate(&stream, Z_FINISH);
  *room = (unsigned)stream.total_out;
  deflateEnd(&stream);
  return state == Z_STREAM_END ? Z_OK : state == Z_OK ? Z_BUF_ERROR : state;
}

// The most that a gzip member of so many bytes takes.
static inline unsigned long czlib_gzip_bound(unsigned long count) { return compressBound(count) + 32; }
