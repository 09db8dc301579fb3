// Where an output is to appear.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "status.h"

namespace permafrost {

// `cause` goes in brackets, as in "target not writable (a directory): /models/out".
Status NotWritable(const std::string& cause, const std::string& target);

// As in "write failed (No space left on device): /models/out".
Status Failed(const std::string& what, int error, const std::string& target);

Status NoRoom(int error, std::uint64_t size, const std::string& target);

// Where an output goes, when all links are followed.
struct OutputPlace {
  std::string path;
  std::optional<mode_t> mode;  // of what is there, if anything is
};

// A target that is a symbolic link stands for what it points to, which need not exist yet. Fails for what cannot be a
// name.
Result<std::string> ResolveTarget(const std::string& target);

// Whether something new may come to be beside `path`.
Status CheckFolderOf(const std::string& path, const std::string& target);

// Finds a disk that is too small for `size` bytes in the folder of `path` to begin with, where it tells its size.
Status CheckRoomBeside(const std::string& path, std::uint64_t size, const std::string& target);

// The folder that a path is in, "." where it names none.
std::string FolderOf(const std::string& path);

}  // namespace permafrost
