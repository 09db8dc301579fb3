// Makes calls to the system fail. Only for programs that are linked with the options of this folder's CMakeLists.txt:
// the linker then sends all calls of ours through faults.cc.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace permafrost::test {

struct Fault {
  std::size_t call = 0;      // which of all calls it befalls
  std::optional<int> error;  // the errno; without one a read or a write takes half of what it is asked for
  std::function<void()>
      meanwhile;  // what somebody else does just before the call, which then takes place as it was meant
};

// From its construction to its end calls are counted, and the one that a fault is for fails, with nothing done; a
// `close` fails when it has closed, as the kernel has it. One at a time, and for one thread.
class Faults {
 public:
  explicit Faults(std::optional<Fault> fault = {});
  Faults(const Faults&) = delete;
  Faults& operator=(const Faults&) = delete;
  ~Faults();

  // The names of the calls so far.
  const std::vector<std::string>& calls() const { return calls_; }

  // What the next call, of that name, is to suffer.
  std::optional<Fault> Next(const char* name);

 private:
  std::optional<Fault> fault_;
  std::vector<std::string> calls_;
};

}  // namespace permafrost::test
