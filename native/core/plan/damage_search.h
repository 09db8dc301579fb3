// Whether what a checkpoint stores is what was saved.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "status.h"
#include "stop.h"

namespace permafrost {

// A tensor that cannot be read, or is not what was saved, and why: of several reasons one.
struct Damage {
  std::uint32_t entry = 0;  // index into Checkpoint::entries()
  Status status;
};

// True for the types whose tensors nothing but TensorFlow's own code can read: resources and variants.
bool IsOpaque(DataType dtype);

// Reads all tensors that are not opaque and holds them against the checksum of each stored piece; of a V1 checkpoint,
// whose checksums were verified when it was opened, against their shapes. Goes step by step, because whoever ends may
// have to wait for the end of the step that is under way. Not for several threads at once, but for what is said so.
class DamageSearch {
 public:
  DamageSearch(std::shared_ptr<const Checkpoint> checkpoint, Stop stop)
      : checkpoint_(std::move(checkpoint)), stop_(std::move(stop)) {}

  // Reads some more, about kStepSize, with several threads (as `ThreadsFor`). False: all is read. Fails with kAborted
  // only.
  Result<bool> Step(unsigned threads);

  // When all is read: all damage in the order of the entries.
  std::vector<Damage> TakeDamage();

  // As stored. From any thread.
  std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  // What one thread reads in one go: a stretch of a piece whose elements have one size, or all of a tensor.
  struct Job {
    std::uint32_t entry = 0;
    const StoredPiece* piece = nullptr;  // null: all of the tensor
    std::uint64_t begin = 0;             // in the piece
    std::uint64_t end = 0;
    std::uint32_t crc = 0;  // of the stretch, when it is read
    Status status;
  };

  Status CheckStop() const;
  Status Prepare();
  void Add(std::uint32_t index, const TensorEntry& entry);
  void AddPiece(std::uint32_t index, const StoredPiece& piece);
  Status ReadStretch(Job& job);
  Status ReadTensor(const Job& job);
  // On the stretches of one piece.
  Status VerdictOn(std::span<Job> stretches) const;
  std::string NameOf(const Job& job) const;

  std::shared_ptr<const Checkpoint> checkpoint_;
  Stop stop_;
  bool is_prepared_ = false;
  std::vector<Job> jobs_;
  std::size_t next_ = 0;  // of the jobs
  std::atomic<std::uint64_t> bytes_read_{0};
  std::vector<Damage> damage_;
};

}  // namespace permafrost
