// The plainest sender there is: one buffer, send() in a loop. bench/targets.sh holds the program's
// simplest mode against it.
//   send_loop SIZE CPU    prints the port it listens on; sends until the peer goes
#include <signal.h>
#include <string.h>

#include "loop.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
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

  char* message = malloc(size);
  require(message != NULL, "malloc");
  memset(message, 'x', size);
  while (send(fd, message, size, 0) > 0) {
  }
  return 0;
}
