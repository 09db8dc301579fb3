#include "pieces/string_reader.h"

#include <utility>

#include "pieces/convert.h"

namespace permafrost {

StringReader::StringReader(std::unique_ptr<StringSource> source, RunningChecksum checksum, Stop stop)
    : source_(std::move(source)), checksum_(std::move(checksum)), stop_(std::move(stop)) {}

Status StringReader::Read(std::uint64_t first, std::uint64_t count, const ByteSink& take) {
  for (const std::uint64_t end = first + count; at_ < end; ++at_) {
    const auto passed = Pass(at_ < first ? nullptr : &take);
    if (!passed.ok()) return passed.status();
    if (!passed.value()) break;
  }
  return {};
}

Status StringReader::Finish() {
  for (;;) {
    const auto passed = Pass(nullptr);
    if (!passed.ok()) return passed.status();
    if (!passed.value()) return checksum_.Verdict();
  }
}

Result<bool> StringReader::Pass(const ByteSink* take) {
  if (Status status = stop_.Check(); !status.ok()) return status;
  std::uint64_t left = 0;
  auto next = source_->Next(left);
  if (!next.ok() || !next.value()) return next;
  if (take != nullptr) {
    head_.clear();
    AppendStringHead(left, head_);
    if (Status status = (*take)(head_); !status.ok()) return status;
  }
  while (left > 0) {
    const auto bytes = source_->Take(left);
    if (!bytes.ok()) return bytes.status();
    left -= bytes.value().size();
    checksum_.Pass(bytes.value());
    if (take == nullptr) continue;
    if (Status status = (*take)(bytes.value()); !status.ok()) return status;
  }
  return true;
}

}  // namespace permafrost
