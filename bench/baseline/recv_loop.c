// The other end of send_loop: as the program's own receiver of one connection, one thread blocks in
// recv() into 256 KiB and counts, another looks at the count.
//   recv_loop PORT CPU WARMUP_MS WINDOW_MS    prints Gbit/s over the window
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "loop.h"

static atomic_ullong received_bytes;

static void* receive(void* fd) {
  static char buffer[256 * 1024];
  ssize_t received;
  while ((received = recv(*(int*)fd, buffer, sizeof buffer, 0)) > 0) {
    atomic_fetch_add_explicit(&received_bytes, (unsigned long long)received, memory_order_relaxed);
  }
  require(0, "recv");
  return NULL;
}

static double now_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  pin_to(atoi(argv[2]));  // before the thread is made, which inherits it
  static int fd;          // outlives main(), as the thread does
  fd = tcp_socket();
  const struct sockaddr_in address = loopback(atoi(argv[1]));
  require(connect(fd, (const struct sockaddr*)&address, sizeof address) == 0, "connect");
  pthread_t receiver;
  require(pthread_create(&receiver, NULL, receive, &fd) == 0, "pthread_create");

  usleep((useconds_t)atoi(argv[3]) * 1000);
  const double start_s = now_s();
  const unsigned long long start_bytes = received_bytes;
  usleep((useconds_t)atoi(argv[4]) * 1000);
  const double bytes = (double)(received_bytes - start_bytes);
  printf("%.6f\n", bytes * 8e-9 / (now_s() - start_s));
  return 0;  // ends the thread with the process
}
