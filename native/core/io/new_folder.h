// A folder of files that appears at its target whole or not at all. POSIX only.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "io/discarded.h"
#include "io/temporary_name.h"
#include "status.h"

namespace permafrost {

struct FolderFile {
  std::string path;  // in the folder, with forward slashes; its folders are made too
  std::uint64_t size = 0;
};

// Makes the folder under a temporary name beside the target, where nobody else can look into it, and renames it at
// `Commit`. Destroyed without a successful commit, it removes all that it made.
class NewFolder {
 public:
  // The target must be an empty folder or nothing: what else is in a folder is not ours to remove. A target that is a
  // symbolic link stands for what it points to. Fails where the disk has no room for all files.
  static Result<NewFolder> Create(const std::string& target, std::span<const FolderFile> files);

  // Why `Create` would fail, as far as that can be seen without a trace.
  static Status Check(const std::string& target, std::span<const FolderFile> files);

  // `file` is one of those given, by its place. From any thread; each call opens the file, since there may be far more
  // files than a process can have open.
  Status WriteAt(std::size_t file, std::uint64_t offset, std::span<const std::byte> bytes);

  // As that of NewFile. Fails where somebody has taken one of the files away, or has changed its size, since all of it
  // was written.
  Status Commit(bool durable);

  // Takes all that was made away. What is left of it goes to `discarded`, but for what is too many files to be open.
  void Discard(Discarded& discarded);

 private:
  // `mode` is what it has from `Commit` on.
  NewFolder(std::string target, TemporaryName temporary, std::vector<FolderFile> files, mode_t mode)
      : target_(std::move(target)), temporary_(std::move(temporary)), files_(std::move(files)), mode_(mode) {}

  Status Publish(bool durable);

  Status SetMode(mode_t mode) const;

  Status CheckSizes() const;

  // All but the names in the folder itself.
  Status SyncContent() const;

  std::string target_;
  TemporaryName temporary_;
  std::vector<FolderFile> files_;  // by their whole paths, under the temporary name
  mode_t mode_;
};

}  // namespace permafrost
