// Drives any server that sends back what it receives: rr_server, or an echo server of somebody
// else.
//   rr_client PORT CPU SIZE CONNECTIONS block|spin WARMUP_MS WINDOW_MS
// prints the requests a second over the window and the median round trip in microseconds. One epoll
// loop; each connection has one request in flight.
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "loop.h"

enum { kReady = 256, kBucketNs = 50, kBuckets = 1 << 20 };

struct connection {
  int fd;
  size_t missing_bytes;  // of the response
  long long sent_ns;
};

static long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void request(struct connection* each, const char* message, size_t size) {
  each->sent_ns = now_ns();
  each->missing_bytes = size;
  require(send(each->fd, message, size, MSG_NOSIGNAL) == (ssize_t)size, "send");
}

static void open_connection(struct connection* each, int loop, int port) {
  each->fd = tcp_socket();
  const struct sockaddr_in address = loopback(port);
  require(connect(each->fd, (const struct sockaddr*)&address, sizeof address) == 0, "connect");
  const int on = 1;
  require(setsockopt(each->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = each};
  require(epoll_ctl(loop, EPOLL_CTL_ADD, each->fd, &event) == 0, "epoll_ctl");
}

// Whether the response is whole.
static int take(struct connection* each, char* buffer, size_t size) {
  const ssize_t received = recv(each->fd, buffer, size, MSG_DONTWAIT);
  if (received < 0 && errno == EAGAIN) return 0;
  require(received > 0, "recv");
  each->missing_bytes -= (size_t)received;
  return each->missing_bytes == 0;
}

static double median_us(const unsigned* buckets, unsigned long long count) {
  unsigned long long seen = 0;
  for (int i = 0; i < kBuckets; ++i) {
    seen += buckets[i];
    if (2 * seen >= count) return (i + 0.5) * kBucketNs / 1000;
  }
  return 0;
}

int main(int argc, char** argv) {
  if (argc != 8) return 2;
  const size_t size = strtoul(argv[3], NULL, 10);
  const size_t count = strtoul(argv[4], NULL, 10);
  const int patience = strcmp(argv[5], "spin") == 0 ? 0 : -1;
  pin_to(atoi(argv[2]));
  char* message = malloc(size);
  struct connection* connections = calloc(count, sizeof *connections);
  static unsigned buckets[kBuckets];
  require(message != NULL && connections != NULL, "malloc");
  memset(message, 'x', size);
  const int loop = epoll_create1(0);
  require(loop >= 0, "epoll_create1");
  for (size_t i = 0; i < count; ++i) open_connection(connections + i, loop, atoi(argv[1]));
  for (size_t i = 0; i < count; ++i) request(connections + i, message, size);

  long long begin_ns = now_ns() + atoi(argv[6]) * 1000000LL;
  const long long end_ns = begin_ns + atoi(argv[7]) * 1000000LL;
  unsigned long long answered = 0;
  long long now = 0;
  while (now < end_ns) {
    static struct epoll_event ready[kReady];
    const int events = epoll_wait(loop, ready, kReady, patience);
    require(events >= 0, "epoll_wait");
    for (int i = 0; i < events; ++i) {
      struct connection* each = ready[i].data.ptr;
      if (!take(each, message, size)) continue;
      now = now_ns();
      if (now >= begin_ns && now < end_ns) {
        const long long bucket = (now - each->sent_ns) / kBucketNs;
        ++buckets[bucket < kBuckets ? bucket : kBuckets - 1];
        ++answered;
      }
      request(each, message, size);
    }
  }
  printf("%.0f %.2f\n", (double)answered * 1e3 / atoi(argv[7]), median_us(buckets, answered));
  return 0;
}
