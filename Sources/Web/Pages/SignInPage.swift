/// What somebody sees who was not let in yet.
struct SignInPage {
    /// What went wrong.
    enum Problem {
        case usedToken, wrongPassword, tooEarly
    }

    var problem: Problem?
    var hasPassword = false

    var html: HTML {
        Layout(title: "Sign in", isSignedIn: false).page(
            """
            <main id="content" class="narrow">
            <h1>This library is private</h1>
            \(problem.html { "<p class=\"problem\" role=\"alert\">\(text(of: $0))</p>" })
            <p>Run <code>vignette open</code> on the machine that keeps it: this opens the page, and keeps this browser
            signed in for \(SessionStore.days) days.</p>
            \(hasPassword.html(form))
            </main>
            """)
    }

    private var form: HTML {
        """
        <form method="post" action="\(SignIn.address)" class="sign-in">
        <label for="password">Or the password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required>
        <button>Sign in</button>
        </form>
        """
    }

    private func text(of problem: Problem) -> String {
        switch problem {
        case .usedToken: "This link has been used, or is older than five minutes."
        case .wrongPassword: "That is not the password."
        case .tooEarly: "There were too many attempts. Wait half a minute."
        }
    }
}
