// The files that a plan's bytes go to: one stream, cut into files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "io/new_file.h"
#include "io/new_folder.h"
#include "status.h"

namespace permafrost {

class OutputFiles {
 public:
  // The stream is `files`, one after the other. One file without a path is the target itself; otherwise the target is a
  // folder. Nothing appears there before `Commit`, and what was made is removed with this.
  static Result<OutputFiles> Create(const std::string& target, std::span<const FolderFile> files);

  // Why `Create` would fail, as far as that can be seen without a trace.
  static Status Check(const std::string& target, std::span<const FolderFile> files);

  // At a place of the stream. From any thread.
  Status WriteAt(std::uint64_t offset, std::span<const std::byte> bytes);

  // The end of the block that `offset` is in: blocks of `size` bytes are counted from the start of each file, and the
  // last of a file may be shorter. Past the end of the stream, the end of a block that there is not.
  std::uint64_t BlockEnd(std::uint64_t offset, std::uint64_t size) const;

  // Call it once, last.
  Status Commit(bool durable);

  // Or this: takes all of it away.
  void Discard(Discarded& discarded);

 private:
  OutputFiles(std::variant<NewFile, NewFolder> output, std::vector<std::uint64_t> ends)
      : output_(std::move(output)), ends_(std::move(ends)) {}

  std::size_t FileAt(std::uint64_t offset) const;
  std::uint64_t StartOf(std::size_t file) const { return file == 0 ? 0 : ends_[file - 1]; }
  Status WriteTo(std::size_t file, std::uint64_t offset, std::span<const std::byte> bytes);

  std::variant<NewFile, NewFolder> output_;
  std::vector<std::uint64_t> ends_;  // of each file, in the stream
};

}  // namespace permafrost
