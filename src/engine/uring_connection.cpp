#include "uring_connection.hpp"

namespace ub::engine {
namespace {

int file_of(const Case& the_case, std::uint32_t number) {
  return the_case.ring.registered_files == Switch::on ? static_cast<int>(number) : -1;
}

}  // namespace

UringConnection::UringConnection(const Shared& shared, UniqueFd fd, std::uint32_t its_number)
    : number(its_number),
      socket(std::move(fd)),
      sink(shared.setup.arrivals, its_number),
      stream(shared.messages, shared.setup, shared.tally, shared.clock, shared.first_message),
      ring_(&shared.ring),
      file_(file_of(shared.setup.the_case, its_number)),
      poll_first_(shared.setup.the_case.ring.poll_first == Switch::on) {
  const EngineSetup& setup = shared.setup;
  path = setup.path->make_ring({.ring = ring_,
                                .fd = socket.get(),
                                .file = file_,
                                .connection = number,
                                .batch = setup.the_case.batch,
                                .send_flags = send_flags_of(setup.the_case),
                                .report_usage = setup.report_usage,
                                .messages = &shared.messages});
  if (setup.receive == nullptr) return;
  receive_path = setup.receive->make_ring({.ring = ring_,
                                           .shared = shared.receive,
                                           .fd = target(),
                                           .connection = number,
                                           .buffer_bytes = receive_size_bytes(setup.the_case)});
}

int UringConnection::enter_table() {
  if (file_ < 0) return 0;
  return ring_->register_file(static_cast<unsigned>(file_), socket.get()).error;
}

void UringConnection::leave_table() {
  if (file_ >= 0) ring_->register_file(static_cast<unsigned>(file_), -1);
}

std::uint8_t UringConnection::entry_flags() const {
  return file_ >= 0 ? IOSQE_FIXED_FILE : 0;
}

void UringConnection::submit_receive() {
  io_uring_sqe& sqe = ring_->next_sqe();
  receive_path->arm(sqe);
  sqe.flags = static_cast<std::uint8_t>(sqe.flags | entry_flags());
  if (poll_first_ && sqe.opcode == IORING_OP_RECV) sqe.ioprio |= IORING_RECVSEND_POLL_FIRST;
  sqe.user_data = owner_bits(number | kReceive);
  ++requests;
}

void UringConnection::submit_watch() {
  path::Submission submission(*ring_, owner_bits(number), entry_flags());
  path->watch(submission);
  requests += submission.labelled();
}

void UringConnection::submit_send() {
  ring_->reserve(path->entries());
  path::Submission submission(*ring_, owner_bits(number), entry_flags());
  path->prepare(stream.payload(), submission);
  requests += submission.labelled();
  state = State::sending;
}

void UringConnection::submit_cancel() {
  io_uring_sqe& sqe = ring_->next_sqe();
  const unsigned fixed = file_ >= 0 ? IORING_ASYNC_CANCEL_FD_FIXED : 0;
  ::io_uring_prep_cancel_fd(&sqe, target(), IORING_ASYNC_CANCEL_ALL | fixed);
  sqe.user_data = owner_bits(kCancel);
}

void UringConnection::submit_close() {
  if (ring_->error() != 0) return socket.reset();  // nothing is submitted any more
  io_uring_sqe& sqe = ring_->next_sqe();
  ::io_uring_prep_close(&sqe, socket.release());
  // Its completion would only wake the loop once more for each connection (Linux 5.17).
  if ((ring_->features() & IORING_FEAT_CQE_SKIP) != 0) sqe.flags |= IOSQE_CQE_SKIP_SUCCESS;
  sqe.user_data = owner_bits(kClose);
}

}  // namespace ub::engine
