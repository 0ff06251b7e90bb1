// GoogleTest's main() with what every program that sends by write(2), sendfile(2) or splice(2) must
// do: those know no MSG_NOSIGNAL, so a peer that is gone would end the process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
