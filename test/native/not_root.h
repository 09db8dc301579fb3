// What permissions hold back from somebody who is not root.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <string>

namespace permafrost::test {

// Somebody other than root for as long as it lives, the owner of `folder`: permissions do not hold root back.
class NotRoot {
 public:
  explicit NotRoot(const std::string& folder) {
    if (::geteuid() != 0) return;
    changed_ = ::chown(folder.c_str(), kNobody, kNobody) == 0 && ::seteuid(kNobody) == 0;
  }
  NotRoot(const NotRoot&) = delete;
  NotRoot& operator=(const NotRoot&) = delete;
  ~NotRoot() {
    if (changed_ && ::seteuid(0) != 0) ADD_FAILURE() << "cannot become root again";
  }

 private:
  static constexpr uid_t kNobody = 65534;
  bool changed_ = false;
};

}  // namespace permafrost::test
