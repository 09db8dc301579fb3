// A hidden place for an output that is being made.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "status.h"

namespace permafrost {

// The path of a file, or of a folder with all that is in it, that is removed with the owner of its name.
class TemporaryName {
 public:
  explicit TemporaryName(std::string path) : path_(std::move(path)) {}
  TemporaryName(TemporaryName&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryName& operator=(TemporaryName&&) = delete;
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;
  ~TemporaryName() { Remove(); }

  // Tries names in the folder of `target`, which has no link in its last part, until `create` gives another errno than
  // EEXIST.
  static Result<TemporaryName> Beside(const std::string& target,
                                      const std::function<int(const std::string& path)>& create);

  const std::string& path() const { return path_; }
  void Remove();
  // There is nothing under this name any more.
  void Release() { path_.clear(); }

 private:
  std::string path_;  // empty: nothing to remove
};

}  // namespace permafrost
