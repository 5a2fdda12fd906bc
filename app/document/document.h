// The only state that changes: what was asked to be run, what came of it, what is selected. Views
// read it; commands change it; finished work enters through update().
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/document/selection.h"
#include "app/document/worker.h"
#include "app/views/view_state.h"
#include "core/model/model.h"

namespace heed::app {

constexpr const char* kDefaultText = "Bark is very cute and he is a dog";

class Document {
  public:
    // `wake` is called from another thread when update() has something to do.
    explicit Document(std::function<void()> wake);

    // Asks for another model (name or path) or a trace file, text or pair; what is shown stays
    // until the new trace is there.
    void open_model(std::string name_or_path);
    void set_text(std::string text);
    void set_pair(std::optional<std::string> pair);
    // Another sentence, run on its own by the same model, to compare with.
    void set_other(std::optional<std::string> other);

    // Shows a run that was made elsewhere, as though it had been asked for.
    void adopt(std::shared_ptr<const Model> model, std::shared_ptr<const Trace> trace,
               std::vector<std::string> notes = {});

    // Takes over what the worker has finished. True where something visible changed. A bug on the
    // worker's thread is thrown here.
    bool update();
    bool is_busy() const { return asked_ != shown_; }

    // The model asked for, which may still be opening; empty before the first.
    const std::string& model_name() const { return model_name_; }
    const std::string& text() const { return text_; }
    const std::optional<std::string>& pair() const { return pair_; }
    const std::optional<std::string>& other() const { return other_; }
    // What is shown: null before the first model and before the first trace.
    const std::shared_ptr<const Model>& model() const { return model_; }
    const std::shared_ptr<const Trace>& trace() const { return trace_; }
    // Of the other sentence; null where there is none.
    const std::shared_ptr<const Trace>& other_trace() const { return other_trace_; }
    // Counts the traces shown: a cheap answer to "is this another one?".
    std::uint64_t trace_number() const { return trace_number_; }
    const std::vector<std::string>& notes() const { return notes_; }
    // Why the last request could not be fulfilled; empty where it could.
    const std::string& error() const { return error_; }
    void show_error(std::string error) { error_ = std::move(error); }

    const Selection& selection() const { return selection_; }
    // Clamped to the trace. Asking about another cell keeps the way back.
    void select(Selection selection);
    bool can_go_back() const { return !asked_before_.empty(); }
    void go_back();

    ViewStates views;

  private:
    void ask();
    void show(RunOutcome outcome);

    std::string model_name_;
    std::string text_ = kDefaultText;
    std::optional<std::string> pair_;
    std::optional<std::string> other_;
    std::shared_ptr<const Model> model_;
    std::shared_ptr<const Trace> trace_;
    std::shared_ptr<const Trace> other_trace_;
    std::uint64_t trace_number_ = 0;
    std::vector<std::string> notes_;
    std::string error_;
    Selection selection_;
    Selection wanted_;  // as it was chosen; shorter sentences on the way clamp only what is shown
    std::vector<Selection> asked_before_;
    std::string shown_model_name_;
    std::uint64_t asked_ = 0;
    std::uint64_t shown_ = 0;
    Worker worker_;  // last: its thread ends before the rest goes
};

}  // namespace heed::app
