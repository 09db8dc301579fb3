#include "plan/piece_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "bundle/string_tensor.h"
#include "crc32c/crc32c.h"
#include "plan/convert.h"
#include "text.h"

namespace permafrost {
namespace {

// Field 8 of TensorProto, length-delimited: string_val.
constexpr std::byte kStringTag{0x42};

// What the bytes that were passed sum up to, against what was stored.
class RunningChecksum {
 public:
  RunningChecksum(Checksum checksum, const StoredPiece& piece, std::string about, std::uint32_t crc = 0)
      : verify_(checksum == Checksum::kVerify), stored_(piece.crc32c), about_(std::move(about)), crc_(crc) {}

  void Pass(std::span<const std::byte> bytes) {
    if (verify_) crc_ = crc32c::Extend(crc_, bytes);
  }

  Status Verdict() const {
    const std::uint32_t stored = crc32c::Unmask(stored_);
    if (!verify_ || stored == crc_) return {};
    return {StatusCode::kChecksumMismatch,
            "checksum mismatch (stored " + Hex32(stored) + ", computed " + Hex32(crc_) + "): " + about_};
  }

 private:
  bool verify_;
  std::uint32_t stored_;
  std::string about_;
  std::uint32_t crc_;
};

class FixedSizeReader : public PieceReader {
 public:
  FixedSizeReader(std::span<const std::byte> stored, std::size_t element_size, RunningChecksum checksum)
      : stored_(stored), element_size_(element_size), checksum_(std::move(checksum)) {}

  Status Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) override {
    auto wanted = stored_.subspan(static_cast<std::size_t>(first) * element_size_,
                                  static_cast<std::size_t>(count) * element_size_);
    auto end = static_cast<std::size_t>(first) * element_size_;
    while (!wanted.empty()) {
      const auto block = wanted.first(std::min(wanted.size(), kBlockSize));
      wanted = wanted.subspan(block.size());
      end += block.size();
      // Bytes are only summed up when there are enough: a run may be a single element.
      if (end - passed_ >= kBlockSize) PassTo(end);
      if (Status status = take(block); !status.ok()) return status;
    }
    return {};
  }

  Status Finish() override {
    PassTo(stored_.size());
    return checksum_.Verdict();
  }

 private:
  void PassTo(std::size_t end) {
    checksum_.Pass(stored_.subspan(passed_, end - passed_));
    passed_ = end;
  }

  std::span<const std::byte> stored_;
  std::size_t element_size_;
  std::size_t passed_ = 0;  // bytes that the checksum has seen
  RunningChecksum checksum_;
};

class StringReader : public PieceReader {
 public:
  StringReader(const StringTensor& strings, RunningChecksum checksum)
      : strings_(strings), checksum_(std::move(checksum)) {}

  Status Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) override {
    std::span<const std::byte> element;
    for (; next_ < first && strings_.Next(element); ++next_) checksum_.Pass(element);
    for (const std::uint64_t end = first + count; next_ < end && strings_.Next(element); ++next_) {
      head_.clear();
      head_.push_back(kStringTag);
      AppendVarint(element.size(), head_);
      if (Status status = take(head_); !status.ok()) return status;
      while (!element.empty()) {
        const auto block = element.first(std::min(element.size(), kBlockSize));
        element = element.subspan(block.size());
        checksum_.Pass(block);
        if (Status status = take(block); !status.ok()) return status;
      }
    }
    return {};
  }

  Status Finish() override {
    std::span<const std::byte> element;
    while (strings_.Next(element)) checksum_.Pass(element);
    return checksum_.Verdict();
  }

 private:
  StringTensor strings_;
  RunningChecksum checksum_;
  std::uint64_t next_ = 0;
  std::vector<std::byte> head_;
};

}  // namespace

Result<std::unique_ptr<PieceReader>> PieceReader::Open(const TensorBundle& bundle, const StoredPiece& piece,
                                                       DataType dtype, std::uint64_t elements, Checksum checksum,
                                                       const std::string& name) {
  const auto stored = bundle.Stored(piece, name);
  if (!stored.ok()) return stored.status();
  const std::string about = name + ", " + ByteRange(piece.offset, piece.size) + " of " + bundle.ShardPath(piece.shard);
  std::unique_ptr<PieceReader> reader;
  if (dtype == DataType::kString) {
    const auto strings = StringTensor::Parse(stored.value(), elements, bundle.big_endian(), about);
    if (!strings.ok()) return strings.status();
    const RunningChecksum running(checksum, piece, about, strings.value().lengths_crc());
    reader = std::make_unique<StringReader>(strings.value(), running);
  } else {
    reader =
        std::make_unique<FixedSizeReader>(stored.value(), ElementSize(dtype), RunningChecksum(checksum, piece, about));
  }
  return reader;
}

}  // namespace permafrost
