// The plainest sender there is: send() in a loop. The programs of bench/ hold pthread-two-copy
// against it.
//   send_loop SIZE CPU [FIELDS]    prints the port it listens on; sends until the peer goes
// Without FIELDS it sends one buffer over and over. With FIELDS it does what pthread-two-copy does:
// it rotates through 1 MiB of messages, each of FIELDS pieces, and copies the pieces of each into
// one buffer before it sends that. Each piece is an allocation of its own, as it is there: at 64 B
// that is 6 MiB to read instead of 1.
#include <signal.h>
#include <string.h>
#include <sys/uio.h>

#include "loop.h"

enum { kWorkingSetBytes = 1 << 20 };

static void send_one_buffer(int fd, size_t size) {
  char* message = malloc(size);
  require(message != NULL, "malloc");
  memset(message, 'x', size);
  while (send(fd, message, size, 0) > 0) {
  }
}

static void flatten_and_send(int fd, size_t size, size_t fields) {
  const size_t messages = size < kWorkingSetBytes ? kWorkingSetBytes / size : 1;
  char* flat = malloc(size);
  struct iovec* pieces = calloc(messages * fields, sizeof *pieces);
  require(flat != NULL && pieces != NULL, "malloc");
  for (size_t i = 0; i < messages * fields; ++i) {
    const size_t field = i % fields;
    pieces[i].iov_len = (field + 1) * size / fields - field * size / fields;
    pieces[i].iov_base = malloc(pieces[i].iov_len);
    require(pieces[i].iov_base != NULL, "malloc");
    memset(pieces[i].iov_base, 'x', pieces[i].iov_len);
  }
  for (size_t message = 0;; message = message + 1 < messages ? message + 1 : 0) {
    char* out = flat;
    for (const struct iovec* piece = pieces + message * fields;
         piece != pieces + (message + 1) * fields; ++piece) {
      memcpy(out, piece->iov_base, piece->iov_len);
      out += piece->iov_len;
    }
    if (send(fd, flat, size, 0) <= 0) return;
  }
}

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) return 2;
  const size_t size = strtoul(argv[1], NULL, 10);
  pin_to(atoi(argv[2]));
  signal(SIGPIPE, SIG_IGN);

  const int listener = tcp_socket();
  struct sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  require(bind(listener, (struct sockaddr*)&address, length) == 0, "bind");
  require(listen(listener, 1) == 0, "listen");
  require(getsockname(listener, (struct sockaddr*)&address, &length) == 0, "getsockname");
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  const int fd = accept(listener, NULL, NULL);
  require(fd >= 0, "accept");

  if (argc == 3) {
    send_one_buffer(fd, size);
  } else {
    flatten_and_send(fd, size, strtoul(argv[3], NULL, 10));
  }
  return 0;
}
