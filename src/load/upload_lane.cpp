#include "upload_lane.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/socket.hpp"

namespace ub::load {
namespace {

constexpr std::size_t kEvents = 256;

}  // namespace

UploadLane::UploadLane(std::vector<Upload> uploads, const Surroundings& surroundings)
    : uploads_(std::move(uploads)), s_(surroundings) {
  if (uploads_.size() == 1) return;
  epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll_) throw_setup_error("creating an epoll instance", errno);
  epoll_event wake{.events = EPOLLIN, .data = {.ptr = nullptr}};
  check(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, s_.control->wake.get(), &wake) == 0,
        "an eventfd can be watched");
  for (Upload& upload : uploads_) watch(upload);
}

void UploadLane::watch(Upload& upload) {
  net::set_blocking(upload.fd, net::Blocking::no);
  epoll_event event{.events = EPOLLOUT, .data = {.ptr = &upload}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, upload.fd, &event) != 0) {
    throw_setup_error("watching a client's socket", errno,
                      "fs.epoll.max_user_watches bounds the watches of a user");
  }
}

void UploadLane::run() {
  s_.control->phase.wait(UploadControl::Phase::waiting);
  epoll_ ? run_several() : run_one();
}

void UploadLane::run_one() {
  Upload& upload = uploads_.front();
  while (!s_.control->stopping()) {
    if (!send_once(upload)) return;
  }
  if (!half_close(upload)) return;
  while (await_end(upload)) {
  }
}

void UploadLane::run_several() {
  std::array<epoll_event, kEvents> events{};
  for (std::size_t open = uploads_.size(); open > 0;) {
    const int ready =
        ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.ptr == nullptr) {  // once: every connection is to look at the phase
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, s_.control->wake.get(), nullptr);
        continue;
      }
      auto& upload = *static_cast<Upload*>(event.data.ptr);
      bool goes_on = false;
      if (upload.half_closed) {
        goes_on = await_end(upload);
      } else {
        goes_on = s_.control->stopping() ? half_close(upload) : send_once(upload);
      }
      if (goes_on) continue;
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, upload.fd, nullptr);
      --open;
    }
    if (!s_.control->stopping()) continue;
    // Those whose socket is full would not become ready: what is in it arrives all the same.
    for (Upload& upload : uploads_) {
      if (!upload.half_closed && !half_close(upload)) --open;
    }
  }
}

bool UploadLane::send_once(Upload& upload) {
  const auto rest = s_.messages.subspan(upload.next);
  const std::size_t length = std::min<std::size_t>(rest.size(), s_.chunk_bytes);
  const ssize_t sent = ::send(upload.fd, rest.data(), length, MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno == EAGAIN || errno == EINTR) return true;
    end(upload, errno);
    return false;
  }
  const auto bytes = static_cast<std::uint64_t>(sent);
  s_.tally->sent_bytes.add(bytes);
  s_.tally->send_calls.add();
  upload.next += bytes;
  if (upload.next == s_.messages.size()) upload.next = 0;
  return true;
}

/// The end of the stream; from now on only the server's end is waited for.
bool UploadLane::half_close(Upload& upload) {
  upload.half_closed = true;
  ::shutdown(upload.fd, SHUT_WR);
  if (!epoll_) return true;
  epoll_event event{.events = EPOLLIN, .data = {.ptr = &upload}};
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, upload.fd, &event);
  return true;
}

/// True while the server has not closed.
bool UploadLane::await_end(const Upload& upload) {
  std::byte unasked{};
  const ssize_t got = ::recv(upload.fd, &unasked, sizeof unasked, 0);
  if (got > 0) {
    end(upload, EPROTO);
    return false;
  }
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  end(upload, got == 0 ? 0 : errno);
  return false;
}

void UploadLane::end(const Upload& upload, int error) {
  if (error != 0 && !s_.shared->aborting) {
    s_.shared->failure.report(
        {.kind = Failure::Kind::send, .client = upload.client, .error = error, .mismatch = {}});
  }
  s_.tally->ended.add();
}

}  // namespace ub::load
