// What both ends share: a CPU to run on, a TCP socket with cubic, and an end on any failure.
#pragma once
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static inline void require(int holds, const char* what) {
  if (holds) return;
  perror(what);
  exit(1);
}

static inline void pin_to(int cpu) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET((size_t)cpu, &cpus);
  require(sched_setaffinity(0, sizeof cpus, &cpus) == 0, "sched_setaffinity");
}

static inline int tcp_socket(void) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  require(fd >= 0, "socket");
  require(setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5) == 0, "TCP_CONGESTION");
  return fd;
}

static inline struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}
