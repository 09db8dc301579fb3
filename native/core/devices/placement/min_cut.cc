#include "devices/placement/min_cut.h"

#include <algorithm>

namespace permafrost::devices {

// A maximum preflow from what makes vertices move (`if_kept_`) to what keeps them (`if_moved_`): push and relabel, the
// farthest first, so that what comes together goes on together, with exact labels from time to time (A. V. Goldberg,
// R. E. Tarjan, "A new approach to the maximum-flow problem", 1988; B. V. Cherkassky, A. V. Goldberg, "On implementing
// the push-relabel method", 1997). A label is at most the number of arcs to the sink.
class Preflow {
 public:
  explicit Preflow(const MinCut& cut);

  // Until the flow is the largest, which it returns, or there are no steps left. Takes off those that it took.
  bool Run(std::int64_t& steps);

  // What can still be reached from flow that does not get through. Of the largest flow: no other cut that costs as
  // little moves less. Of any before: a part of that, as what may still get through is left out.
  std::vector<bool> FindMoved() const;

 private:
  // Numbers of vertices and of arcs, in half the room: a problem of 2^27 edges has fewer than 2^32 of them.
  using Small = std::uint32_t;

  static constexpr Small kNone = static_cast<Small>(-1);

  struct Arc {
    Small to = 0;
    Small reverse = 0;  // the arc back
    std::int64_t room = 0;
  };

  std::size_t vertex_count() const { return excess_.size(); }
  Small unreachable() const { return static_cast<Small>(vertex_count() + 1); }
  // What it takes to look at everything once.
  std::int64_t Size() const { return static_cast<std::int64_t>(vertex_count() + arcs_.size()); }
  void AddArcs(const MinCut& cut);
  void LabelAll();
  void Discharge(Small vertex);
  void PushOnce(Small vertex, Small arc);
  void Relabel(Small vertex);
  void Activate(Small vertex);

  std::vector<Small> begins_;
  std::vector<Arc> arcs_;
  std::vector<std::int64_t> excess_;
  std::vector<std::int64_t> sink_room_;
  std::vector<Small> labels_;
  std::vector<Small> current_;  // the arc that a vertex pushes along next
  // Vertices with excess that may reach the sink, as lists, by label.
  std::vector<Small> active_;  // by label, the first
  std::vector<Small> next_;    // by vertex, the next of its list
  std::vector<bool> is_active_;
  Small highest_ = 0;  // no vertex of a higher label is active
  std::vector<Small> stuck_;
  std::vector<Small> found_;  // those that a search came to
  std::int64_t work_ = 0;     // steps since all vertices were labelled
};

Preflow::Preflow(const MinCut& cut)
    : begins_(cut.if_kept_.size() + 1),
      excess_(cut.if_kept_),
      sink_room_(cut.if_moved_),
      labels_(cut.if_kept_.size()),
      next_(cut.if_kept_.size()),
      is_active_(cut.if_kept_.size()) {
  AddArcs(cut);
  for (std::size_t vertex = 0; vertex < vertex_count(); ++vertex) {
    const std::int64_t through = std::min(excess_[vertex], sink_room_[vertex]);
    excess_[vertex] -= through;
    sink_room_[vertex] -= through;
  }
}

void Preflow::AddArcs(const MinCut& cut) {
  for (const auto& pair : cut.pairs_) {
    ++begins_[static_cast<std::size_t>(pair.moved) + 1];
    ++begins_[static_cast<std::size_t>(pair.kept) + 1];
  }
  for (std::size_t vertex = 0; vertex < vertex_count(); ++vertex) begins_[vertex + 1] += begins_[vertex];
  arcs_.resize(begins_.back());
  current_.assign(begins_.begin(), begins_.end() - 1);
  for (const auto& pair : cut.pairs_) {
    const Small there = current_[static_cast<std::size_t>(pair.moved)]++;
    const Small back = current_[static_cast<std::size_t>(pair.kept)]++;
    arcs_[there] = {static_cast<Small>(pair.kept), back, pair.price};
    arcs_[back] = {static_cast<Small>(pair.moved), there, 0};
  }
}

void Preflow::Activate(Small vertex) {
  const Small label = labels_[vertex];
  if (is_active_[vertex] || label == unreachable()) return;
  is_active_[vertex] = true;
  next_[vertex] = active_[label];
  active_[label] = vertex;
  highest_ = std::max(highest_, label);
}

// Breadth first from the sink, against the arcs.
void Preflow::LabelAll() {
  labels_.assign(vertex_count(), unreachable());
  found_.clear();
  for (Small vertex = 0; vertex < vertex_count(); ++vertex) {
    if (sink_room_[vertex] == 0) continue;
    labels_[vertex] = 1;
    found_.push_back(vertex);
  }
  for (std::size_t next = 0; next < found_.size(); ++next) {
    const Small vertex = found_[next];
    for (Small arc = begins_[vertex]; arc < begins_[vertex + 1]; ++arc) {
      const Arc& out = arcs_[arc];
      if (labels_[out.to] != unreachable() || arcs_[out.reverse].room == 0) continue;
      labels_[out.to] = labels_[vertex] + 1;
      found_.push_back(out.to);
    }
  }
  current_.assign(begins_.begin(), begins_.end() - 1);
  active_.assign(unreachable(), kNone);
  is_active_.assign(vertex_count(), false);
  highest_ = 0;
  for (Small vertex = 0; vertex < vertex_count(); ++vertex) {
    if (excess_[vertex] > 0) Activate(vertex);
  }
  work_ = 0;
}

void Preflow::PushOnce(Small vertex, Small arc) {
  Arc& out = arcs_[arc];
  const std::int64_t flow = std::min(excess_[vertex], out.room);
  out.room -= flow;
  arcs_[out.reverse].room += flow;
  excess_[vertex] -= flow;
  excess_[out.to] += flow;
  Activate(out.to);
}

void Preflow::Relabel(Small vertex) {
  Small label = sink_room_[vertex] > 0 ? 1 : unreachable();
  for (Small arc = begins_[vertex]; arc < begins_[vertex + 1]; ++arc) {
    if (arcs_[arc].room > 0) label = std::min(label, labels_[arcs_[arc].to] + 1);
  }
  labels_[vertex] = std::min(label, unreachable());
  current_[vertex] = begins_[vertex];
  work_ += 1 + begins_[vertex + 1] - begins_[vertex];
}

void Preflow::Discharge(Small vertex) {
  const std::int64_t through = std::min(excess_[vertex], sink_room_[vertex]);
  excess_[vertex] -= through;
  sink_room_[vertex] -= through;
  for (Small& arc = current_[vertex]; excess_[vertex] > 0; ++arc, ++work_) {
    if (arc == begins_[vertex + 1]) {
      Relabel(vertex);
      stuck_.push_back(vertex);
      return;
    }
    if (arcs_[arc].room > 0 && labels_[vertex] == labels_[arcs_[arc].to] + 1) PushOnce(vertex, arc);
    // An arc with room left is where the next push begins.
    if (excess_[vertex] == 0) return;
  }
}

// In waves from the highest label down. What gets stuck is labelled anew and waits for the next wave, so that flow
// which is shut in somewhere holds up nobody elsewhere. A wave looks at each arc twice at most.
bool Preflow::Run(std::int64_t& steps) {
  LabelAll();
  steps -= Size();
  while (highest_ > 0 && steps > 0) {
    const std::int64_t before = work_;
    for (; highest_ > 0; --highest_, ++work_) {
      while (active_[highest_] != kNone) {
        const Small vertex = active_[highest_];
        active_[highest_] = next_[vertex];
        is_active_[vertex] = false;
        Discharge(vertex);
      }
    }
    steps -= work_ - before;
    for (const Small vertex : stuck_) Activate(vertex);
    stuck_.clear();
    if (work_ <= Size() / 2 && steps > 0) continue;
    // Also before the end, so that the labels tell for certain what cannot get through.
    LabelAll();
    steps -= Size();
  }
  return highest_ == 0;
}

std::vector<bool> Preflow::FindMoved() const {
  std::vector<bool> is_moved(vertex_count());
  std::vector<Small> found;
  const auto find = [&](Small vertex) {
    if (is_moved[vertex]) return;
    is_moved[vertex] = true;
    found.push_back(vertex);
  };
  for (Small vertex = 0; vertex < vertex_count(); ++vertex) {
    if (excess_[vertex] > 0 && labels_[vertex] == unreachable()) find(vertex);
  }
  for (std::size_t next = 0; next < found.size(); ++next) {
    for (Small arc = begins_[found[next]]; arc < begins_[found[next] + 1]; ++arc) {
      if (arcs_[arc].room > 0) find(arcs_[arc].to);
    }
  }
  return is_moved;
}

MinCut::Vertex MinCut::AddVertex() {
  if_moved_.push_back(0);
  if_kept_.push_back(0);
  return static_cast<Vertex>(if_moved_.size() - 1);
}

void MinCut::ChargeApart(Vertex moved, Vertex kept, std::int64_t price) {
  if (moved != kept && price > 0) pairs_.push_back({moved, kept, price});
}

MinCut::Solution MinCut::Solve(std::int64_t& steps) const {
  Preflow preflow(*this);
  const bool is_least = preflow.Run(steps);
  return {preflow.FindMoved(), is_least};
}

}  // namespace permafrost::devices
