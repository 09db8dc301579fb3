#include "plan/payload_stream.h"

#include <algorithm>
#include <string>
#include <utility>

namespace permafrost {
namespace {

// A varint of 64 bits.
constexpr std::size_t kLongestVarint = 10;

}  // namespace

Result<std::unique_ptr<PayloadStream>> PayloadStream::Open(std::shared_ptr<const Checkpoint> checkpoint,
                                                           const TensorPart& part, PayloadForm form,
                                                           std::optional<ElementWindow> wanted, Stop stop) {
  const TensorEntry& entry = checkpoint->entries()[part.entry];
  const std::uint64_t elements = ElementsOf(part.region.empty() ? WholeRegion(entry.shape) : part.region);
  const ElementWindow window = wanted.value_or(ElementWindow{0, elements});
  if (window.first > elements || window.count > elements - window.first) {
    return Status(StatusCode::kCheckpointMalformed, "no such part (elements " + std::to_string(window.first) + " and " +
                                                        std::to_string(window.count) + " more, of " +
                                                        std::to_string(elements) + "): " + NameOf(entry));
  }
  const Checksum checksum = window.count == elements ? Checksum::kVerify : Checksum::kIgnore;
  auto gather = GatherPayload(*checkpoint, part, form, checksum, stop);
  if (!gather.ok()) return gather.status();
  // Nothing is read here that would look at the flags.
  for (std::uint64_t left = window.first; left > 0; left -= gather.value().Skip(left)) {
    if (Status status = stop.Check(); !status.ok()) return status;
    if (Status status = checkpoint->stop().Check(); !status.ok()) return status;
  }
  return std::unique_ptr<PayloadStream>(new PayloadStream(
      std::move(checkpoint), entry, std::move(form), std::move(gather).value(), window, checksum, std::move(stop)));
}

PayloadStream::PayloadStream(std::shared_ptr<const Checkpoint> checkpoint, const TensorEntry& entry, PayloadForm form,
                             Gather gather, ElementWindow window, Checksum checksum, Stop stop)
    : checkpoint_(std::move(checkpoint)),
      form_(std::move(form)),
      gather_(std::move(gather)),
      encoder_(*checkpoint_, entry, form_, window.first),
      element_size_(EncodedSize(entry.dtype, form_.encoding)),
      left_(window.count),
      wants_verdict_(checksum == Checksum::kVerify),
      stop_(std::move(stop)) {}

Result<std::size_t> PayloadStream::Fill(std::span<std::byte> bytes) {
  std::span<std::byte> room = bytes;
  const auto place = [&room](std::span<const std::byte> made) {
    const std::size_t count = std::min(made.size(), room.size());
    std::ranges::copy(made.first(count), room.begin());
    room = room.subspan(count);
    return count;
  };
  const ByteSink take = [&](std::span<const std::byte> elements) -> Status {
    const std::span<const std::byte> made = encoder_.Encode(elements);
    const std::size_t count = place(made);
    rest_.insert(rest_.end(), made.begin() + static_cast<std::ptrdiff_t>(count), made.end());
    return stop_.Check();
  };
  rest_begin_ += place(std::span(rest_).subspan(rest_begin_));
  while (!room.empty() && left_ > 0) {
    if (Status status = stop_.Check(); !status.ok()) return status;
    rest_.clear();
    rest_begin_ = 0;
    const std::uint64_t count = std::min(left_, ElementsFor(room.size()));
    if (Status status = gather_.Read(count, take); !status.ok()) return status;
    left_ -= count;
  }
  if (wants_verdict_ && left_ == 0 && rest_begin_ == rest_.size()) {
    if (Status status = gather_.Finish(); !status.ok()) return status;
    if (Status status = checkpoint_->CheckUnchanged(); !status.ok()) return status;
    wants_verdict_ = false;
  }
  return bytes.size() - room.size();
}

std::uint64_t PayloadStream::ElementsFor(std::size_t room) const {
  if (form_.encoding == PayloadEncoding::kStrings) return 1;
  const std::size_t size = element_size_ == 0 ? kLongestVarint : element_size_;
  return std::max<std::uint64_t>(room / size, 1);
}

}  // namespace permafrost
