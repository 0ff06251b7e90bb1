// The plainest server of requests there is: one epoll loop that sends back what it receives, with
// two system calls a request and one more for all that are ready.
//   rr_server CPU block|spin    prints the port it listens on; serves until it is ended
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include "loop.h"

enum { kReady = 256, kBufferBytes = 64 * 1024 };

static void watch(int loop, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  require(epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
}

static void welcome(int loop, int listener) {
  const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  require(fd >= 0, "accept4");
  const int on = 1;
  require(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
  watch(loop, fd);
}

static void answer(int fd) {
  static char buffer[kBufferBytes];
  const ssize_t received = recv(fd, buffer, sizeof buffer, 0);
  if (received < 0 && errno == EAGAIN) return;
  if (received <= 0) {
    close(fd);
    return;
  }
  require(send(fd, buffer, (size_t)received, MSG_NOSIGNAL) == received || errno == EPIPE ||
              errno == ECONNRESET,
          "send");
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  pin_to(atoi(argv[1]));
  const int patience = strcmp(argv[2], "spin") == 0 ? 0 : -1;

  const int listener = tcp_socket();
  struct sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  require(bind(listener, (struct sockaddr*)&address, length) == 0, "bind");
  require(listen(listener, 4096) == 0, "listen");
  require(getsockname(listener, (struct sockaddr*)&address, &length) == 0, "getsockname");
  const int loop = epoll_create1(0);
  require(loop >= 0, "epoll_create1");
  watch(loop, listener);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);

  for (;;) {
    static struct epoll_event ready[kReady];
    const int count = epoll_wait(loop, ready, kReady, patience);
    require(count >= 0, "epoll_wait");
    for (int i = 0; i < count; ++i) {
      if (ready[i].data.fd == listener) {
        welcome(loop, listener);
      } else {
        answer(ready[i].data.fd);
      }
    }
  }
}
