// A payload that is taken piece by piece, when somebody asks for more of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "plan/encoder.h"
#include "plan/gather.h"
#include "plan/payload.h"
#include "status.h"
#include "stop.h"

namespace permafrost {

// Neighbours among the elements of a part, in row-major order.
struct ElementWindow {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

// Not for use by several threads at once.
class PayloadStream {
 public:
  // Without a window: all of the part. Where a window leaves some of it out, no more is read than has to be, and no
  // checksum is verified. Fails as `PayloadSize` does, with kAborted, and where the window reaches out of the part.
  static Result<std::unique_ptr<PayloadStream>> Open(std::shared_ptr<const Checkpoint> checkpoint,
                                                     const TensorPart& part, PayloadForm form,
                                                     std::optional<ElementWindow> window = {}, Stop stop = {});

  PayloadStream(const PayloadStream&) = delete;
  PayloadStream& operator=(const PayloadStream&) = delete;
  ~PayloadStream() = default;

  // Fills `bytes` with what comes next and returns how many came: fewer than asked for only at the end. The last bytes
  // are given only where the checksums hold, if they are verified. Memory is taken for a block, where elements differ
  // in size for one of them too. Fails as `EmitPayload` does, and with kAborted; after that it must not be called
  // again.
  Result<std::size_t> Fill(std::span<std::byte> bytes);

  // As of `EmitPayload`, of what was made so far.
  std::uint64_t overflows() const { return encoder_.overflows(); }

 private:
  PayloadStream(std::shared_ptr<const Checkpoint> checkpoint, const TensorEntry& entry, PayloadForm form, Gather gather,
                ElementWindow window, Checksum checksum, Stop stop);

  // How many elements make about `room` bytes: at least one, and where all have one size, no more than one too many.
  std::uint64_t ElementsFor(std::size_t room) const;

  std::shared_ptr<const Checkpoint> checkpoint_;
  PayloadForm form_;  // the encoder borrows from it
  Gather gather_;
  Encoder encoder_;
  std::size_t element_size_;  // encoded; 0 where it differs
  std::uint64_t left_;        // elements
  bool wants_verdict_;
  Stop stop_;
  std::vector<std::byte> rest_;  // of the payload: what was made and had no room
  std::size_t rest_begin_ = 0;
};

}  // namespace permafrost
