// The running program, the same in a window and offscreen: document, actions, fonts and the drawing
// of one frame. Whoever owns the context hands over size, time and input through ImGui's io.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/document/document.h"
#include "app/document/job_thread.h"
#include "app/ui/actions.h"
#include "app/ui/fonts.h"
#include "app/ui/item_log.h"
#include "app/ui/theme.h"
#include "app/ui/ui_context.h"
#include "app/window/gl_glyph_pages.h"
#include "app/window/gl_pictures.h"
#include "app/window/shell.h"

struct ImGuiContext;

namespace heed::app {

// ImGui's context, set up for heed: no settings file, no blinking cursor (idle is idle).
class ImGuiSession {
  public:
    ImGuiSession();
    ~ImGuiSession();
    ImGuiSession(const ImGuiSession&) = delete;
    ImGuiSession& operator=(const ImGuiSession&) = delete;

  private:
    ImGuiContext* context_ = nullptr;
};

struct FrameRequest {
    float base_scale = 1;  // of the screen, before the person's own
    double now_s = 0;
    bool record = false;     // fill the item log
    std::u32string typed{};  // characters, whole
};

class Program {
  public:
    // Needs a current OpenGL context, which must outlive it. `wake` is called from another thread
    // when a frame is worth drawing.
    explicit Program(std::function<void()> wake);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // Takes over finished work, builds the interface and gives ImGui's draw data; io holds the
    // display's size and the input. Returns the seconds after which the next frame is wanted though
    // nothing happens.
    double build_frame(const FrameRequest& request);
    // Draws what was built to the bound target, over the theme's background.
    void render_frame();

    Document& document() { return document_; }
    const Document& document() const { return document_; }
    // Whether something that was asked for is not on the screen yet.
    bool is_busy() const { return document_.is_busy() || jobs_.is_busy(); }
    const Actions& actions() const { return actions_; }
    const ItemLog& items() const { return items_; }
    const GlPictures& pictures() const { return pictures_; }
    // Opens the first model that can be opened; an error in the document where there is none.
    void open_default_model();

    ThemeKind theme() const { return theme_; }
    void set_theme(ThemeKind theme) { theme_ = theme; }
    float scale() const { return scale_; }
    void set_scale(float scale);  // the person's, clamped to what is offered
    bool is_typing() const { return shell_.sentence.is_typing; }
    bool wants_to_quit() const { return wants_to_quit_; }

  private:
    void add_program_actions();
    void add_view_actions();
    void add_document_actions();
    void add_selection_actions();
    void add_stage_actions();
    void add_panel_actions();
    void add_panel_switches();
    void show_in_centre(std::string_view view);
    void run_keys();
    void apply(ViewResult result);
    void select_layer(int layer);
    void move(int Selection::*position, int by);
    void go_to_stage(int stage);
    int current_stage() const;

    ImGuiSession imgui_;
    GlPictures pictures_;
    GlGlyphPages pages_;
    Document document_;
    JobThread jobs_;
    Actions actions_;
    ItemLog items_;
    Fonts fonts_{&pages_};
    HoverClock hover_;
    ControlState controls_;
    std::vector<Ground> grounds_;  // of the built frame
    ShellState shell_;
    ThemeKind theme_ = ThemeKind::kLight;
    float scale_ = 1;
    bool wants_to_quit_ = false;
};

}  // namespace heed::app
