// The only state that changes: what was asked to be run, what came of it, what is selected. Views
// read it; commands change it; finished work enters through update().
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/document/person_state.h"
#include "app/document/selection.h"
#include "app/document/worker.h"
#include "app/views/view_state.h"
#include "core/analysis/atlas.h"
#include "core/model/model.h"

namespace heed::app {

class Document {
  public:
    // `wake` is called from another thread when update() has something to do, and when values that
    // were pending have come.
    explicit Document(std::function<void()> wake,
                      std::unique_ptr<Backend> backend = make_cpu_backend());

    // Asks for another model (name or path) or a trace file, text or pair; what is shown stays
    // until the new trace is there.
    void open_model(std::string name_or_path);
    void set_text(std::string text);
    void set_pair(std::optional<std::string> pair);
    // Another sentence, run on its own by the same model, to compare with.
    void set_other(std::optional<std::string> other);
    // What the decoder has written, as text, or as ids that read like `text`; and the segment that
    // went before. Models that take none leave them aside.
    void set_target(std::optional<std::string> target);
    void set_target_ids(std::vector<int> ids, std::string text);
    void set_memory(std::optional<std::string> memory);
    // The sentence as ids that read like `text`.
    void set_ids(std::vector<int> ids, std::string text);

    // A picture's file, or a drawing in its place (Error where it is none), for models that take
    // one.
    void set_image(std::string path);
    void set_sketch(std::string sketch);
    // Back to the text, for models that take both.
    void clear_picture();
    // Whether the model shown is given a picture rather than the text.
    bool is_about_picture() const;

    // Shows a run that was made elsewhere, as though it had been asked for. Waits for the values
    // that the first selection is found by.
    void adopt(std::shared_ptr<const Model> model, std::shared_ptr<const Trace> trace,
               std::shared_ptr<const Trace> other_trace = nullptr);

    // All of these at once, and what is to be selected when the trace is there.
    void restore(DocumentInputs inputs, Selection wanted);
    // Runs again what was asked for, after an error or a cancellation.
    void run_again();
    // Gives up what was asked for and is not there yet: the old picture stays, with a note.
    void cancel();

    // Takes over what the worker has finished. True where something visible changed. A bug on the
    // worker's thread is thrown here.
    bool update();
    bool is_busy() const { return asked_ != shown_; }
    // Whether values of what is shown, that somebody has read, are still on their way.
    bool is_pending() const;
    // How far what is busy is, and since when.
    RunProgress progress() const { return worker_.progress(); }
    std::chrono::steady_clock::time_point asked_at() const { return asked_at_; }

    const DocumentInputs& inputs() const { return inputs_; }
    // The model asked for, which may still be opening; empty before the first.
    const std::string& model_name() const { return inputs_.model; }
    const std::string& text() const { return inputs_.text; }
    const std::optional<std::string>& pair() const { return inputs_.pair; }
    const std::optional<std::string>& other() const { return inputs_.other; }
    const std::optional<std::string>& target() const { return inputs_.target; }
    const std::optional<std::string>& memory() const { return inputs_.memory; }
    // What is shown: null before the first model and before the first trace.
    const std::shared_ptr<const Model>& model() const { return model_; }
    const std::shared_ptr<const Trace>& trace() const { return trace_; }
    // What is known of the model's heads from the file beside it; null where there is none.
    const std::shared_ptr<const Atlas>& atlas() const { return atlas_; }
    // Of the other sentence; null where there is none.
    const std::shared_ptr<const Trace>& other_trace() const { return other_trace_; }
    // Counts the traces shown: a cheap answer to "is this another one?".
    std::uint64_t trace_number() const { return trace_number_; }
    const std::vector<std::string>& notes() const { return notes_; }
    // Why the last request could not be fulfilled; empty where it could.
    const std::string& error() const { return error_; }
    void show_error(std::string error) { error_ = std::move(error); }
    // Tells what was done.
    void show_note(std::string note) { notes_ = {std::move(note)}; }
    // The person has read notes and error.
    void dismiss_messages();

    const Selection& selection() const { return selection_; }
    // As it was chosen, for any trace to come; without a node before the first choice.
    const Selection& wanted() const { return wanted_; }
    // Clamped to the trace. Asking about another cell keeps the way back.
    void select(Selection selection);
    bool can_go_back() const { return !asked_before_.empty(); }
    void go_back();

    ViewStates views;

  private:
    void ask();
    void change(DocumentInputs inputs);
    void show(RunOutcome outcome);
    void choose_now();
    // Reads what lies beside the model that is shown; a bad file is told in the notes.
    void find_atlas();

    DocumentInputs inputs_;
    std::function<void()> wake_;
    bool is_choosing_ = false;    // the first selection is still looked for
    bool is_unanswered_ = false;  // what is shown is not what inputs_ say
    std::chrono::steady_clock::time_point asked_at_{};
    std::shared_ptr<const Model> model_;
    std::shared_ptr<const Atlas> atlas_;
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
