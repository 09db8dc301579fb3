#include "plan/copy_file.h"

#include <span>
#include <string>

#include "io/input_file.h"

namespace permafrost {
namespace {

// For each stretch anew: a model may bring along more files than a process may have open.
Result<InputFile> Open(const FileSegment& file, const Stop& stop) {
  auto opened = InputFile::Open(file.path, {}, stop);
  if (!opened.ok() || opened.value().size() == file.size) return opened;
  return Status(StatusCode::kReadFailed, "file changed (it has " + std::to_string(opened.value().size()) +
                                             " bytes and had " + std::to_string(file.size) + "): " + file.path);
}

}  // namespace

Status CheckFile(const FileSegment& file, const Stop& stop) { return Open(file, stop).status(); }

Status CopyFile(const FileSegment& file, std::uint64_t begin, std::uint64_t end, const Stop& stop, Output& output) {
  const auto opened = Open(file, stop);
  if (!opened.ok()) return opened.status();
  while (begin < end) {
    const std::span<std::byte> block = output.Lend(end - begin);
    if (Status status = opened.value().ReadAt(begin, block); !status.ok()) return status;
    if (Status status = output.Keep(); !status.ok()) return status;
    begin += block.size();
  }
  return {};
}

}  // namespace permafrost
