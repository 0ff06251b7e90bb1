#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "shared.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/counts.hpp"

namespace ub::load {

/// What the controlling thread tells the uploading threads, in this order.
struct UploadControl {
  enum class Phase { waiting, running, stopping };

  std::atomic<Phase> phase = Phase::waiting;
  UniqueFd wake;  ///< eventfd, readable for good from the end of `running` on

  [[nodiscard]] bool stopping() const {
    return phase.load(std::memory_order_relaxed) == Phase::stopping;
  }
};

/// One connection of a lane.
struct Upload {
  int fd = -1;
  std::uint32_t client = 0;
  std::uint64_t next = 0;  ///< byte of the message set that goes next
  bool half_closed = false;
};

/// The connections of one uploading thread. Allocates nothing while it runs.
class UploadLane {
 public:
  struct Surroundings {
    std::span<const std::byte> messages;  ///< all of the set; outlives the lane
    std::uint64_t chunk_bytes = 0;        ///< most a call
    UploadControl* control = nullptr;
    Shared* shared = nullptr;
    Tally<LoadCounts>* tally = nullptr;
  };

  /// Throws SetupError.
  UploadLane(std::vector<Upload> uploads, const Surroundings& surroundings);

  /// Sends until told to stop, then until the server has closed every connection.
  void run();

 private:
  void run_one();
  void run_several();
  void watch(Upload& upload);
  bool send_once(Upload& upload);
  bool half_close(Upload& upload);
  bool await_end(const Upload& upload);
  void end(const Upload& upload, int error);

  std::vector<Upload> uploads_;
  Surroundings s_;
  UniqueFd epoll_;  ///< none with one connection
};

}  // namespace ub::load
